package floof.control;

import floof.base.InterfaceAddress;
import floof.base.MacAddress;
import floof.control.instance.Instance;
import floof.control.plan.Applied;
import floof.control.plan.CommitException;
import floof.control.plan.Intent;
import floof.fpc.Driver;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.fpc.Refused;
import floof.fpc.Report;
import floof.linux.LinuxException;
import floof.linux.NetworkNamespace;
import floof.linux.PidFd;
import floof.linux.netlink.Link;
import floof.linux.netlink.LinkAddress;
import floof.linux.netlink.Rtnetlink;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of an instance: claimed devices and their twins, TAP devices of the same name and MAC
 * in the dataplane namespace. The twins' open files are held here as long as floofd lives, and by
 * the fast path; a new floofd fetches them from it, so that a twin never loses its last one.
 * Thread: any, one at a time.
 */
public final class Ports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    /**
     * IFA_PROTO of the addresses that commits set. Numbers up to 3 are the kernel's, the rest is
     * free (linux/if_addr.h).
     */
    static final int ADDRESS_PROTOCOL = 70;

    private final Instance instance;
    private final ManagerConnection manager;
    private final Claims recorded;
    private final Devices devices;
    private final Rtnetlink dataplane;
    private final Rtnetlink hidden;

    /** Of the ports that are whole. */
    private final SortedMap<String, Claim> claims = new TreeMap<>();

    private final Map<String, Twin> twins = new HashMap<>();

    /** Ports that a fast path which started did not take, and why. */
    private final Map<String, String> refused = new TreeMap<>();

    private @Nullable FastPath fastPath;

    private final ExecutorService inDataplane;
    private final Unsettled unsettled = new Unsettled();

    private final Doomed doomed;

    public Ports(Instance instance, ManagerConnection manager) throws IOException {
        this.instance = instance;
        this.manager = manager;
        this.recorded = new Claims(instance.claims());
        this.devices = new Devices(instance, recorded);
        this.inDataplane = NetworkNamespace.executor("ports-make", instance.dataplane());
        this.dataplane =
                NetworkNamespace.call(instance.dataplane(), () -> Rtnetlink.open("ports: twins"));
        this.doomed = new Doomed(dataplane);
        this.hidden =
                NetworkNamespace.call(instance.ports(), () -> Rtnetlink.open("ports: devices"));
    }

    /**
     * Takes over what an earlier floofd left: twins through the fast path's open files, or, where
     * it has none, by attaching to the persistent device. What was half made is given back.
     */
    synchronized void adopt(FastPath process) throws IOException {
        fastPath = process;
        Map<String, Integer> held = new HashMap<>();
        for (Message.PortState port : attached()) {
            held.put(port.name(), port.twinFd());
        }
        try (PidFd holder = PidFd.open(process.process().pid())) {
            for (Claim claim : recorded.all().values()) {
                adopt(claim, holder, held.get(claim.port()));
            }
        }
        List<Unsettled.Failure> failures = unsettled.await();
        if (!failures.isEmpty()) {
            throw failures.getFirst().why();
        }
    }

    private void adopt(Claim claim, PidFd holder, @Nullable Integer number) throws IOException {
        String port = claim.port();
        if (dataplane.link(port) == null) {
            LOG.warn("{} was half made; giving it back", port);
            devices.release(claim);
        } else {
            twins.put(
                    port,
                    number == null
                            ? Twin.open(port, dataplane, inDataplane)
                            : Twin.fetch(port, dataplane, holder, number));
            claims.put(port, claim);
            Message.Port told = new Message.Port(claim.index(), port, true);
            unsettled.ask(manager.client(), claim, true, told);
            LOG.info("adopted {}", port);
        }
    }

    private FastPath fastPath() throws IOException {
        FastPath current = fastPath;
        if (current == null) {
            throw new IOException("the fast path was not started yet");
        }
        return current;
    }

    private FpcClient client() throws IOException {
        return fastPath().client();
    }

    /** Ports that the fast path has. */
    private List<Message.PortState> attached() throws IOException {
        return FpcPages.ports(client());
    }

    /** What commits have made so far, read from the system. */
    synchronized Applied applied(String birdText) throws IOException {
        SortedMap<String, Applied.Port> ports = new TreeMap<>();
        Set<Integer> attached = new HashSet<>();
        attached().forEach(port -> attached.add(port.index()));
        Map<Integer, Set<InterfaceAddress>> addresses = new HashMap<>();
        for (LinkAddress address : dataplane.addresses()) {
            if (address.protocol() == ADDRESS_PROTOCOL) {
                addresses
                        .computeIfAbsent(address.ifindex(), index -> new HashSet<>())
                        .add(address.address());
            }
        }
        for (Link link : dataplane.links()) {
            Claim claim = claims.get(link.name());
            if (claim != null) {
                ports.put(
                        link.name(),
                        new Applied.Port(
                                claim.index(),
                                claim.attachment(),
                                link.mtu(),
                                link.isUp(),
                                attached.contains(claim.index()),
                                addresses.getOrDefault(link.index(), Set.of())));
            }
        }
        return new Applied(ports, birdText, fastPath().settings());
    }

    /** Whether a device is ours already, under whatever port. */
    synchronized boolean isClaimed(String device) {
        return claims.values().stream()
                .anyMatch(it -> it.device() != null && it.device().name().equals(device));
    }

    /** Ports and what they were made of. */
    synchronized SortedMap<String, Claim> claims() {
        return new TreeMap<>(claims);
    }

    /**
     * Lets go of ports whose twin somebody deleted behind our back, so that a commit makes them
     * anew.
     */
    synchronized void dropBroken() throws IOException {
        for (Claim claim : List.copyOf(claims.values())) {
            if (dataplane.link(claim.port()) == null) {
                LOG.warn("the link {} is gone; giving its device back", claim.port());
                detach(claim.port());
                closeTwin(claim.port());
                devices.release(claim);
                claims.remove(claim.port());
            }
        }
    }

    // ---- operations ---------------------------------------------------------------------------

    synchronized void claim(String port, int index, Intent.Attachment attachment)
            throws IOException, CommitException {
        if (claims.containsKey(port)) {
            throw new IOException(port + " exists already");
        }
        deleteDoomed();
        try {
            claims.put(port, devices.claim(port, index, attachment));
        } catch (IOException | LinuxException e) {
            // Half a claim goes back at once; what cannot be undone now stays recorded.
            Claim half = recorded.get(port);
            if (half != null) {
                devices.release(half);
            }
            throw e;
        }
    }

    synchronized void release(String port) throws IOException {
        deleteDoomed();
        devices.release(claim(port));
        claims.remove(port);
    }

    synchronized void createTwin(String port, int index, Intent.Attachment attachment)
            throws IOException {
        deleteDoomed();
        if (dataplane.link(port) != null) {
            throw new IOException("a link named " + port + " is there already, not from a commit");
        }
        Claim claim = claims.get(port);
        if (claim == null) {
            claim = new Claim(port, index, attachment.driver(), attachment.settings(), null);
            recorded.put(claim);
            claims.put(port, claim);
        }
        Twin twin = Twin.open(port, dataplane, inDataplane);
        twins.put(port, twin);
        try {
            Claim.Device device = claim.device();
            dataplane.setMac(twin.ifindex(), device == null ? ownMac(port) : device.mac());
            if (device != null) {
                dataplane.setMtu(twin.ifindex(), device.mtu());
            }
            carrier(port);
        } catch (IOException | LinuxException e) {
            deleteTwin(port);
            throw e;
        }
    }

    synchronized void deleteTwin(String port) throws IOException {
        Claim claim = claim(port);
        doomed.add(claim);
        closeTwin(port);
        if (claim.device() == null) {
            claims.remove(port);
        }
    }

    private void closeTwin(String port) {
        Twin twin = twins.remove(port);
        if (twin != null) {
            twin.close();
        }
    }

    /** Deletes what is to go, once the fast path has let go of it. */
    private void deleteDoomed() throws IOException {
        if (doomed.isEmpty()) {
            return;
        }
        unsettled.awaitDetached();
        for (Claim claim : doomed.delete()) {
            if (claim.device() == null) {
                devices.release(claim);
            }
        }
    }

    /**
     * Waits for what was begun.
     *
     * @throws CommitException naming the first port that the fast path refused
     */
    synchronized void settle() throws IOException, CommitException {
        List<Unsettled.Failure> failures = unsettled.await();
        for (Unsettled.Failure failure : failures) {
            if (failure.isAttach()) {
                tellManager(failure.claim(), false);
            }
        }
        deleteDoomed();
        if (!failures.isEmpty()) {
            Unsettled.Failure first = failures.getFirst();
            throw new CommitException(
                    "interfaces " + first.claim().port(),
                    "" + first.why().getMessage(),
                    first.why());
        }
    }

    /** Asks the fast path to take a port; {@link #settle} has the answer. */
    synchronized void beginAttach(String port) throws IOException, CommitException {
        Claim claim = claim(port);
        if (!requiredWords().isEmpty()) {
            settle(); // it may have to be started again, and must not owe us answers then
        }
        ask(claim, true, request(claim));
    }

    /** Takes a port from the fast path, if it has it; {@link #settle} has the answer. */
    synchronized void beginDetach(String port) throws IOException {
        Claim claim = claim(port);
        ask(claim, false, new Message.PortDetach(claim.index()));
    }

    private void ask(Claim claim, boolean isAttach, Message.Request request) throws IOException {
        refused.remove(claim.port());
        Message.Port told = new Message.Port(claim.index(), claim.port(), isAttach);
        unsettled.ask(manager.client(), claim, isAttach, told);
        unsettled.ask(client(), claim, isAttach, request);
    }

    /** What gives a port to the fast path, which is started again first if it has to be. */
    private Message.PortAttach request(Claim claim) throws IOException {
        String port = claim.port();
        Twin twin = twin(port);
        if (fastPath().require(requiredWords())) {
            attachAll(port);
        }
        boolean hasDevice = claim.device() != null;
        return new Message.PortAttach(
                claim.index(),
                port,
                Driver.valueOf(claim.driver().name()),
                hasDevice ? instance.ports().toString() : "",
                hasDevice ? claim.hiddenName(instance) : port,
                Math.toIntExact(ProcessHandle.current().pid()),
                twin.tap().fd().number(),
                link(port).mtu(),
                claim.settings());
    }

    private void attach(String port) throws IOException {
        Claim claim = claim(port);
        Message.PortAttach request = request(claim);
        tellManager(claim, true);
        try {
            client().tell(request);
            refused.remove(port);
        } catch (IOException e) {
            tellManager(claim, false);
            throw e;
        }
    }

    /** What the fast path needs on its command line, for all ports. */
    private Set<String> requiredWords() {
        Set<String> words = new HashSet<>();
        for (Claim claim : claims.values()) {
            if (claim.driver() == Intent.Driver.DPDK) {
                words.add("--dpdk");
                if (claim.settings().containsKey("pci-address")) {
                    words.add("--pci");
                }
            }
        }
        return words;
    }

    private void detach(String port) throws IOException {
        refused.remove(port);
        try {
            client().tell(new Message.PortDetach(claim(port).index()));
        } catch (Refused e) {
            if (e.report() != Report.NOT_FOUND) {
                throw e;
            }
        }
        tellManager(claim(port), false);
    }

    /** That the link of this name is, or no longer is, the twin of this port. */
    private void tellManager(Claim claim, boolean isPresent) throws IOException {
        manager.client().tell(new Message.Port(claim.index(), claim.port(), isPresent));
    }

    /** Gives every port to a fast path that has none; those it has already are passed over. */
    synchronized void attachAll() throws IOException {
        attachAll("");
    }

    private void attachAll(String except) throws IOException {
        Set<Integer> attached = new HashSet<>();
        attached().forEach(port -> attached.add(port.index()));
        for (Claim claim : claims.values()) {
            if (!attached.contains(claim.index())
                    && twins.containsKey(claim.port())
                    && !claim.port().equals(except)) {
                attachOrTell(claim.port());
            }
        }
    }

    private boolean attachOrTell(String port) {
        try {
            attach(port);
            return true;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(refused.put(port, why))) {
                LOG.error("{} is not in the fast path: {}; trying again", port, why);
            }
            return false;
        }
    }

    /** Gives the fast path again what it refused when it started. */
    synchronized void retry() {
        for (String port : List.copyOf(refused.keySet())) {
            if (attachOrTell(port)) {
                LOG.info("{} is in the fast path now", port);
            }
        }
    }

    /** Why ports are not in the fast path. */
    synchronized Map<String, String> refused() {
        return Map.copyOf(refused);
    }

    /**
     * @param mtu 0 = as the device had it
     */
    synchronized void setMtu(String port, int mtu) throws IOException {
        Claim.Device was = claim(port).device();
        int bytes = mtu != 0 ? mtu : was == null ? 1500 : was.mtu();
        Link device = device(port);
        if (device != null && device.mtu() != bytes) {
            hidden.setMtu(device.index(), bytes);
        }
        try {
            boolean isDpdk = claim(port).driver() == Intent.Driver.DPDK;
            boolean isNews = isDpdk && link(port).mtu() != bytes;
            dataplane.setMtu(twin(port).ifindex(), bytes);
            if (isNews) {
                reattach(port);
            }
        } catch (IOException | LinuxException e) {
            if (device != null) {
                hidden.setMtu(device.index(), device.mtu());
            }
            throw e;
        }
    }

    /** DPDK's devices take an MTU when they are configured. */
    private void reattach(String port) throws IOException {
        int index = claim(port).index();
        if (attached().stream().anyMatch(it -> it.index() == index)) {
            detach(port);
            attach(port);
        }
    }

    synchronized void setAdmin(String port, boolean isUp) throws IOException {
        Link device = device(port);
        if (device != null) {
            hidden.setUp(device.index(), isUp);
        }
        try {
            dataplane.setUp(twin(port).ifindex(), isUp);
            carrier(port);
        } catch (IOException | LinuxException e) {
            if (device != null) {
                hidden.setUp(device.index(), !isUp);
            }
            Link link = dataplane.link(port);
            if (link != null) {
                dataplane.setUp(link.index(), !isUp);
            }
            throw e;
        }
    }

    synchronized void addAddress(String port, InterfaceAddress address) throws IOException {
        int ifindex = twin(port).ifindex();
        if (dataplane.addAddress(ifindex, address, ADDRESS_PROTOCOL)) {
            return;
        }
        for (LinkAddress there : dataplane.addresses()) {
            boolean isSame =
                    there.ifindex() == ifindex
                            && there.address().address().equals(address.address());
            if (isSame && there.protocol() != ADDRESS_PROTOCOL) {
                throw new IOException("is on the link already, not from a commit");
            }
        }
        dataplane.putAddress(ifindex, address, ADDRESS_PROTOCOL);
    }

    synchronized void removeAddress(String port, InterfaceAddress address) throws IOException {
        dataplane.deleteAddress(twin(port).ifindex(), address);
    }

    // ---- carrier ------------------------------------------------------------------------------

    /** Gives each twin the carrier that its device has. */
    synchronized void carriers() {
        for (String port : twins.keySet()) {
            try {
                carrier(port);
            } catch (IOException | LinuxException e) {
                LOG.warn("carrier of {}: {}", port, e.getMessage());
            }
        }
    }

    /** Gives the twin of a hidden device the device's carrier. */
    synchronized void carrier(Link device) {
        for (Claim claim : claims.values()) {
            Twin twin = twins.get(claim.port());
            if (twin != null
                    && claim.device() != null
                    && claim.hiddenName(instance).equals(device.name())) {
                twin.tap().carrier(device.isRunning());
            }
        }
    }

    private void carrier(String port) throws IOException {
        Twin twin = twins.get(port);
        Link device = device(port);
        if (twin != null) {
            // Without a kernel device the fast path shows the link, if there is one.
            boolean isTap = claim(port).driver() == Intent.Driver.TAP;
            if (claim(port).device() != null || isTap) {
                twin.tap().carrier(isTap || device != null && device.isRunning());
            }
        }
    }

    // ---- links --------------------------------------------------------------------------------

    private Claim claim(String port) throws IOException {
        Claim claim = claims.get(port);
        if (claim == null) {
            throw new IOException("there is no port " + port);
        }
        return claim;
    }

    private Twin twin(String port) throws IOException {
        Twin twin = twins.get(port);
        if (twin == null) {
            throw new IOException(port + " has no twin");
        }
        return twin;
    }

    private Link link(String port) throws IOException {
        Link link = dataplane.link(port);
        if (link == null) {
            throw new IOException("there is no link " + port);
        }
        return link;
    }

    /** The claimed device, null without one or when it has been unplugged. */
    private @Nullable Link device(String port) throws IOException {
        Claim claim = claim(port);
        return claim.device() == null ? null : hidden.link(claim.hiddenName(instance));
    }

    /** A locally administered unicast MAC, the same each time for a port of an instance. */
    private MacAddress ownMac(String port) {
        CRC32 crc = new CRC32();
        crc.update(
                (instance.name() + "/" + port).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return new MacAddress(0x02f1_0000_0000L | crc.getValue());
    }

    /** Lets go of the twins; the fast path still holds them. */
    @Override
    public synchronized void close() {
        twins.values().forEach(Twin::close);
        twins.clear();
        inDataplane.close();
        dataplane.close();
        hidden.close();
    }
}
