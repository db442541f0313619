/* global Chart */
import { Component, useEffect, useRef } from "@odoo/owl";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { user } from "@web/core/user";

const PALETTE = 6;

/**
 * Stacked columns; each part of a column leads to its records. The same figures stand in a table for who does not see the picture.
 */
export class DashboardChart extends Component {
    static template = "kmp_dashboard.DashboardChart";
    static props = { chart: Object, title: String, format: Function, onOpen: Function };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.chart]
        );
    }

    getConfig() {
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "#E5E7EB", "#3C3E4B");
        // "8 jt" and not "8M": M is a milliard in Indonesian.
        const compact = new Intl.NumberFormat(user.lang, { notation: "compact" });
        const { labels, series } = this.props.chart;
        return {
            type: "bar",
            data: { labels, datasets: series.map((each, index) => this.getDataset(each, getColor(index, scheme, PALETTE))) },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "nearest", intersect: true },
                onClick: (event, elements) => this.onPoint(elements, (action) => this.props.onOpen(action)),
                onHover: (event, elements) => {
                    event.native.target.style.cursor = "default";
                    this.onPoint(elements, () => (event.native.target.style.cursor = "pointer"));
                },
                plugins: {
                    legend: { display: series.length > 1, position: "bottom", labels: { color: text, boxWidth: 12 } },
                    tooltip: { callbacks: { label: (item) => this.getTooltip(item) } },
                },
                scales: {
                    x: { stacked: true, grid: { display: false }, ticks: { color: text } },
                    y: {
                        stacked: true,
                        grid: { color: grid },
                        ticks: { color: text, maxTicksLimit: 6, precision: 0, callback: (value) => compact.format(value) },
                    },
                },
            },
        };
    }

    getDataset(series, color) {
        return { label: series.label, data: series.values.map(Number), backgroundColor: color, maxBarThickness: 56 };
    }

    getTooltip({ datasetIndex, dataIndex }) {
        const { label, values } = this.props.chart.series[datasetIndex];
        return `${label}: ${this.props.format(values[dataIndex])}`;
    }

    onPoint(elements, call) {
        const action = elements.length && this.props.chart.series[elements[0].datasetIndex].actions[elements[0].index];
        if (action) {
            call(action);
        }
    }
}
