package floof.control.port;

import floof.base.Family;
import floof.control.instance.Instance;
import floof.control.instance.Processes;
import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.linux.Fd;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Route;
import floof.linux.netlink.Rtnetlink;
import floof.linux.system.Mount;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes kernel devices over and gives them back. Every step can be cut off: the record on disk and
 * the device's name tell where it stands, and {@link #release} goes on from there.
 *
 * <p>A claimed device goes from its namespace, where it is renamed to a name that is unique on the
 * machine, to the hidden one. There nftables drops at ingress what the packet socket has already
 * seen, so that the kernel itself does nothing with a frame.
 */
public record Devices(Instance instance, Claims claims) {

    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
    private static final long NFT_MS = 10_000;
    private static final Unmanaged UNMANAGED = new Unmanaged(Path.of("/run"));

    /** IFAPROT_KERNEL_LO, _RA, _LL: addresses that the kernel makes again by itself. */
    private static final int KERNEL_PROTOCOL_MAX = 3;

    /**
     * What is wrong with claiming a device, null for nothing.
     *
     * @param link the device in the namespace it would be taken from, or null
     */
    public static @Nullable String refusal(String device, @Nullable Link link) {
        if (link == null) {
            return "there is no device " + device + " here; expected a kernel device (ip link)";
        }
        if (link.hardware() != Link.ARPHRD_ETHER || link.mac() == null) {
            return device + " is not an Ethernet device";
        }
        if (link.master() != 0) {
            return device + " belongs to another device (bridge, bond or VRF)";
        }
        return null;
    }

    /** The same of a device of the namespace that floofd runs in. */
    public static @Nullable String refusal(String device) {
        try (Rtnetlink here = Rtnetlink.open("look for " + device)) {
            return refusal(device, here.link(device));
        }
    }

    /** Takes a device of the namespace that floofd runs in. */
    Claim claim(String port, int index, Intent.Attachment attachment)
            throws IOException, CommitException {
        String device = Objects.requireNonNull(attachment.device());
        try (Rtnetlink here = Rtnetlink.open("claim " + device)) {
            Link link = here.link(device);
            String refusal = refusal(device, link);
            if (link == null || link.mac() == null || refusal != null) {
                throw new CommitException("interfaces " + port + " device", "" + refusal);
            }
            Claim claim =
                    new Claim(
                            port,
                            index,
                            attachment.driver(),
                            attachment.settings(),
                            asItIs(here, link, device));
            record(claim);
            hide(here, link, claim);
            LOG.info("claimed {} for {}", device, port);
            return claim;
        }
    }

    private void hide(Rtnetlink here, Link link, Claim claim) throws IOException {
        here.setUp(link.index(), false);
        here.rename(link.index(), claim.hiddenName(instance));
        try (Fd hidden = Fd.open(instance.ports().toString(), Fd.O_RDONLY, 0)) {
            here.move(link.index(), hidden);
        }
        drop(claim);
    }

    private static Claim.Device asItIs(Rtnetlink here, Link link, String name) {
        return new Claim.Device(
                name,
                Objects.requireNonNull(link.mac()),
                link.mtu(),
                link.isUp(),
                addresses(here, link.index()),
                routes(here, link.index()));
    }

    /**
     * Takes a device again that has left the hidden namespace: plugged in again, made again, or
     * moved out by hand. It is the one of the same name here, or the one that still has its hidden
     * name. With the MAC that it had, it will be given back as the first claim found it; any other
     * device as it is now.
     *
     * @return null when it is not here
     */
    @Nullable Claim renew(Claim claim) throws IOException {
        Claim.Device was = Objects.requireNonNull(claim.device());
        try (Rtnetlink here = Rtnetlink.open("claim again " + was.name())) {
            Link link = here.link(claim.hiddenName(instance));
            link = link == null ? here.link(was.name()) : link;
            if (link == null || refusal(was.name(), link) != null) {
                return null;
            }
            Claim renewed =
                    was.mac().equals(link.mac())
                            ? claim
                            : claim.with(asItIs(here, link, was.name()));
            Origins.keep(instance, renewed);
            claims.put(renewed);
            UNMANAGED.add(instance, renewed);
            hide(here, link, renewed);
            LOG.info("claimed {} for {} again", was.name(), claim.port());
            return renewed;
        }
    }

    /** Everything that tells of the claim, or nothing: the device is as it was. */
    private void record(Claim claim) throws IOException {
        try {
            Origins.keep(instance, claim);
            claims.put(claim);
            UNMANAGED.add(instance, claim);
        } catch (IOException | LinuxException e) {
            forget(claim);
            throw e;
        }
    }

    private void forget(Claim claim) throws IOException {
        Origins.forget(instance, claim);
        UNMANAGED.remove(instance, claim);
        claims.remove(claim.port());
    }

    /**
     * @throws IOException when a device is left in the hidden namespace that no record tells of,
     *     with what to do: it would end with the namespace, or come out under a strange name
     */
    public static void refuseStrays(Instance instance) throws IOException {
        if (!NetworkNamespace.exists(instance.ports())) {
            return;
        }
        String strays = NetworkNamespace.call(instance.ports(), Devices::strays);
        if (!strays.isEmpty()) {
            throw new IOException(
                    "no record tells where "
                            + strays
                            + " came from; move it to a namespace and name it manually, then release"
                            + " again: nsenter --net="
                            + instance.ports()
                            + " ip link set "
                            + strays.substring(0, strays.indexOf(' '))
                            + " netns 1 name NAME");
        }
    }

    private static String strays() {
        try (Rtnetlink hidden = Rtnetlink.open("strays")) {
            return hidden.links().stream()
                    .filter(it -> it.hardware() == Link.ARPHRD_ETHER)
                    .map(it -> it.name() + " (" + it.mac() + ")")
                    .collect(Collectors.joining(", "));
        }
    }

    private static List<Claim.Address> addresses(Rtnetlink here, int ifindex) {
        List<Claim.Address> addresses = new ArrayList<>();
        for (LinkAddress address : here.addresses()) {
            boolean isKernels = address.protocol() > 0 && address.protocol() <= KERNEL_PROTOCOL_MAX;
            boolean isPermanent = (address.flags() & LinkAddress.IFA_F_PERMANENT) != 0;
            if (address.ifindex() == ifindex && isPermanent && !isKernels) {
                addresses.add(
                        new Claim.Address(
                                address.address(),
                                address.peer(),
                                address.broadcast(),
                                address.scope(),
                                address.flags(),
                                address.protocol()));
            }
        }
        return addresses;
    }

    /** Those that the kernel does not make again by itself from addresses and advertisements. */
    private static List<Claim.Way> routes(Rtnetlink here, int ifindex) {
        List<Route> routes = new ArrayList<>();
        for (Family family : Family.values()) {
            here.routes(family, Route.RT_TABLE_MAIN, ifindex, routes::add);
        }
        return routes.stream().filter(Devices::isToRestore).map(Devices::way).toList();
    }

    private static boolean isToRestore(Route route) {
        return route.protocol() != Route.RTPROT_KERNEL
                && route.protocol() != Route.RTPROT_RA
                && route.type() == Route.RTN_UNICAST
                && route.nextHops().size() == 1
                && (route.flags() & Route.RTM_F_CLONED) == 0;
    }

    private static Claim.Way way(Route route) {
        Route.NextHop hop = route.nextHops().getFirst();
        return new Claim.Way(
                route.prefix(),
                hop.gateway(),
                route.metric(),
                route.source(),
                route.scope(),
                route.protocol(),
                hop.flags() & Route.NextHop.RTNH_F_ONLINK);
    }

    /** The kernel's own input on the device ends before it begins; packet sockets come earlier. */
    private void drop(Claim claim) throws IOException {
        String rules =
                """
                table netdev port%1$d {
                    chain silence { type filter hook ingress device "%2$s" priority 0; policy drop; }
                }
                """
                        .formatted(claim.index(), claim.hiddenName(instance));
        nft("delete table netdev port" + claim.index() + "\n");
        String refusal = nft(rules);
        if (!refusal.isEmpty()) {
            throw new IOException("nft: " + refusal);
        }
    }

    /** What nft said; empty when it did it. */
    private String nft(String rules) throws IOException {
        List<String> command =
                List.of("nsenter", "--net=" + instance.ports(), "--", "nft", "-f", "-");
        Processes.Outcome outcome = Processes.run(rules, NFT_MS, command);
        return outcome.status() == 0 ? "" : outcome.output();
    }

    /**
     * Gives a device back: namespace, name, MAC, MTU, addresses, routes, and up if it was. Does
     * what is left to do, wherever an earlier try ended.
     */
    public void release(Claim claim) throws IOException {
        Claim.Device was = claim.device();
        Path origin = instance.origin(claim.port());
        if (was != null && Mount.isMountPoint(origin)) {
            String hiddenName = claim.hiddenName(instance);
            if (NetworkNamespace.exists(instance.ports())) {
                moveBack(claim, origin);
                nft("delete table netdev port" + claim.index() + "\n");
            }
            NetworkNamespace.call(
                    origin,
                    () -> {
                        restore(was, hiddenName);
                        return true;
                    });
            LOG.info("gave {} back", was.name());
        }
        forget(claim);
    }

    private void moveBack(Claim claim, Path origin) {
        NetworkNamespace.call(
                instance.ports(),
                () -> {
                    try (Rtnetlink hidden = Rtnetlink.open("give back");
                            Fd target = Fd.open(origin.toString(), Fd.O_RDONLY, 0)) {
                        Link link = hidden.link(claim.hiddenName(instance));
                        if (link != null) {
                            if ("net_af_xdp".equals(claim.settings().get("vdev"))) {
                                hidden.detachXdp(link.index()); // left there by kill -9
                            }
                            hidden.setUp(link.index(), false);
                            hidden.move(link.index(), target);
                        }
                    }
                    return true;
                });
    }

    /** In the namespace of the device's origin. */
    private static void restore(Claim.Device was, String hiddenName) {
        try (Rtnetlink home = Rtnetlink.open("restore " + was.name())) {
            Link link = home.link(hiddenName);
            if (link != null) {
                if (!was.mac().equals(link.mac())) {
                    home.setMac(link.index(), was.mac());
                }
                if (was.mtu() != link.mtu()) {
                    home.setMtu(link.index(), was.mtu());
                }
                home.rename(link.index(), was.name());
            } else {
                // Under its own name it is ours by its MAC: not yet claimed, or given back in part.
                link = home.link(was.name());
                if (link == null || !was.mac().equals(link.mac())) {
                    LOG.warn("{} ({}) is gone; nothing to return", was.name(), was.mac());
                    return;
                }
            }
            for (Claim.Address address : was.addresses()) {
                home.restoreAddress(
                        link.index(),
                        new LinkAddress(
                                link.index(),
                                address.address(),
                                address.peer(),
                                address.broadcast(),
                                address.flags() & ~LinkAddress.IFA_F_TENTATIVE,
                                address.scope(),
                                address.protocol()));
            }
            if (was.up()) {
                home.setUp(link.index(), true);
                restoreRoutes(home, link.index(), was);
            }
        }
    }

    /** Networks on the link first: gateways of the others lie in them. */
    private static void restoreRoutes(Rtnetlink home, int ifindex, Claim.Device was) {
        List<Claim.Way> ways = new ArrayList<>(was.routes());
        ways.sort(Comparator.comparing(way -> way.gateway() != null));
        for (Claim.Way way : ways) {
            Route.NextHop hop = new Route.NextHop(way.gateway(), ifindex, 1, way.flags(), false);
            try {
                home.replaceRoute(
                        new Route(
                                way.prefix(),
                                Route.RT_TABLE_MAIN,
                                Route.RTN_UNICAST,
                                way.protocol(),
                                way.scope(),
                                0,
                                0,
                                way.metric(),
                                way.source(),
                                0,
                                0,
                                List.of(hop)));
            } catch (LinuxException e) {
                LOG.warn("{}: route {} is not restored: {}", was.name(), way, e.getMessage());
            }
        }
    }
}
