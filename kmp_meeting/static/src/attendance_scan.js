import { Component, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SHOWN = 6;

/**
 * The entry at the door: a scanner types the number of a member card and Enter, and so may a clerk.
 * The field keeps the focus, so that card after card can be shown.
 */
export class AttendanceScan extends Component {
    static template = "kmp_meeting.AttendanceScan";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        useAutofocus({ refName: "input" });
        this.state = useState({ scans: [], present: null, roll: null });
        this.queue = Promise.resolve();
        this.nextKey = 1;
    }

    onKeydown(event) {
        if (event.key !== "Enter") {
            return;
        }
        // Enter is the end of a card here, and not the default button of the form.
        event.preventDefault();
        event.stopPropagation();
        const text = this.input.el.value.trim();
        this.input.el.value = "";
        if (text) {
            // One after the other: a scanner is faster than the server.
            this.queue = this.queue.then(() => this.register(text)).catch(() => this.show({ type: "danger", message: text }));
        }
    }

    async register(text) {
        const result = await this.orm.call("kmp.meeting", "register_attendance", [this.props.record.resId, text]);
        Object.assign(this.state, { present: result.present, roll: result.roll });
        this.show(result);
        if (result.type === "success" && !(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
        this.input.el?.focus();
    }

    show(result) {
        this.state.scans = [{ key: this.nextKey++, ...result }, ...this.state.scans].slice(0, SHOWN);
    }
}

registry.category("view_widgets").add("kmp_attendance_scan", { component: AttendanceScan });
