package floof.api.show;

import static floof.api.view.Layout.whole;

import floof.api.Router;
import floof.api.network.Neighbour;
import floof.api.view.Commands;
import floof.api.view.Layout.Column;
import floof.api.view.Layout.Table;
import floof.api.view.View;
import java.util.List;

/** {@code show arp} and {@code show ipv6}. */
final class ShowNeighbours {

    private static final Table<Neighbour> ARP =
            Table.of(
                    Column.of("MAC Address", Neighbour::mac),
                    Column.of("Address", Neighbour::address),
                    Column.of("Interface", Neighbour::interfaceName),
                    Column.of("State", Neighbour::state));

    private static final Table<Neighbour> IP6 =
            Table.of(
                    Column.of("IPv6 Address", Neighbour::address),
                    Column.of("Linklayer Address", Neighbour::mac),
                    Column.of("State?1", Neighbour::state),
                    Column.of("Rtr?2", it -> it.router() ? "yes" : "no"),
                    Column.of("Interface", Neighbour::interfaceName));

    private ShowNeighbours() {}

    static Commands of(Router router) {
        return Commands.of(
                        View.at("arp", "IPv4 neighbours")
                                .of(
                                        Neighbour.class,
                                        router::arp,
                                        whole(all -> List.of(ARP.of(all), total(all)))),
                        View.at("ipv6 neighbors", "IPv6 neighbours")
                                .of(
                                        Neighbour.class,
                                        router::ip6Neighbours,
                                        whole(all -> List.of(IP6.of(all), total(all))))
                                .detailed())
                .group("show ipv6", "IPv6");
    }

    private static String total(List<Neighbour> all) {
        return "Total entries: " + all.size() + "\n";
    }
}
