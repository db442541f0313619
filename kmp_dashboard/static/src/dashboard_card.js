import { Component, onMounted, useState } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";

import { DashboardChart } from "./dashboard_chart";

/**
 * One question and its answer: a headline, a chart or dates, and the way to the records behind them.
 */
export class DashboardCard extends Component {
    static template = "kmp_dashboard.DashboardCard";
    static components = { DashboardChart };
    static props = { name: String, currencyId: Number };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ card: null, failed: false });
        this.badges = { done: "success", late: "danger", soon: "warning", later: "info" };
        onMounted(() => this.load());
    }

    get card() {
        return this.state.card;
    }

    async load() {
        try {
            this.state.card = await this.orm.call("kmp.dashboard", "get_card", [this.props.name]);
        } catch (error) {
            this.state.failed = true;
            throw error;
        }
    }

    open(action) {
        return this.action.doAction(action);
    }

    /** Exact text to what is shown; only here it becomes a number of the browser. */
    format(value, type) {
        if (type === "monetary") {
            return formatMonetary(Number(value), { currencyId: this.props.currencyId });
        }
        if (type === "percentage") {
            return `${formatFloat(Number(value), { digits: [16, 1] })}%`;
        }
        return formatInteger(Number(value));
    }

    day(date) {
        return formatDate(deserializeDate(date));
    }

    remaining(row) {
        if (row.status === "done") {
            return _t("Done");
        }
        if (row.days < 0) {
            return row.days === -1 ? _t("1 day late") : _t("%s days late", -row.days);
        }
        return row.days === 1 ? _t("1 day left") : _t("%s days left", row.days);
    }
}
