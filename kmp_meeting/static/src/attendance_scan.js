import { Component, useRef, useState } from "@odoo/owl";
import { BarcodeVideoScanner, isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SHOWN = 6;
const BETWEEN_CARDS = 1500; // milliseconds

/** The camera's whole picture: the window that Odoo lays over it has the shape of a bar code, and cuts a QR code. */
class CardCamera extends BarcodeVideoScanner {
    static template = "kmp_meeting.CardCamera";
}

/**
 * The entry at the door: a scanner types the number of a member card and Enter, and so may a clerk; or the camera of a phone reads it.
 * The field keeps the focus, so that card after card can be shown.
 */
export class AttendanceScan extends Component {
    static template = "kmp_meeting.AttendanceScan";
    static components = { CardCamera };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.input = useRef("input");
        useAutofocus({ refName: "input" });
        this.state = useState({ scans: [], isFilming: false });
        this.hasCamera = isBarcodeScannerSupported();
        this.betweenCards = BETWEEN_CARDS;
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
            this.enqueue(text);
        }
    }

    toggleCamera() {
        this.lastSeen = null;
        this.state.isFilming = !this.state.isFilming;
    }

    /** A card stays before the camera for a while: it is one card. */
    onSeen(text) {
        if (text !== this.lastSeen) {
            this.lastSeen = text;
            this.enqueue(text);
        }
    }

    onCameraError(error) {
        this.state.isFilming = false;
        this.notification.add(error.message, { type: "danger" });
    }

    /** One after the other: a scanner is faster than the server. */
    enqueue(text) {
        this.queue = this.queue.then(() => this.register(text)).catch(() => this.show({ type: "danger", message: text }));
    }

    async register(text) {
        const result = await this.orm.call("kmp.meeting", "register_attendance", [this.props.record.resId, text]);
        this.show(result);
        if (result.type === "success" && !(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
        if (!this.state.isFilming) {
            // On a phone the focus would bring up the keyboard.
            this.input.el?.focus();
        }
    }

    show(result) {
        this.state.scans = [{ key: this.nextKey++, ...result }, ...this.state.scans].slice(0, SHOWN);
    }
}

registry.category("view_widgets").add("kmp_attendance_scan", { component: AttendanceScan });
