package floof.api.show;

import floof.api.LogFiles;
import floof.api.Router;
import floof.api.route.RouteSource;
import floof.api.route.RouteViews;
import floof.api.view.Commands;

/** Everything that can be shown of a router. */
public final class Shows {

    private Shows() {}

    public static Commands of(Router router, RouteSource routes) {
        return RouteViews.of(routes)
                .and(
                        ShowSystem.of(router),
                        ShowAlarms.of(router.alarms()),
                        ShowInterfaces.of(router),
                        ShowNeighbours.of(router),
                        ShowBgp.of(router),
                        ShowFastPath.of(router.fastPath()),
                        ShowWorkers.of(router.fastPath()),
                        ShowDpdk.of(router.fastPath()),
                        Commands.of(new ShowLog(new LogFiles(router.machine().logs()))))
                .group("show", "Show the state of the router");
    }
}
