import { Component, onWillStart } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { DashboardCard } from "./dashboard_card";

/**
 * What the board looks at. The page opens at once; each card asks for its own figures.
 */
export class Dashboard extends Component {
    static template = "kmp_dashboard.Dashboard";
    static components = { DashboardCard, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            [this.overview] = await Promise.all([
                this.orm.call("kmp.dashboard", "get_overview", []),
                loadBundle("web.chartjs_lib"),
            ]);
        });
    }
}

registry.category("actions").add("kmp_dashboard.dashboard", Dashboard);
