package floof.control.port;

import static java.util.Objects.requireNonNull;

import floof.base.InterfaceAddress;
import floof.base.MacAddress;
import floof.base.alarm.Alarms;
import floof.config.tree.Branch;
import floof.config.value.ConfigError;
import floof.control.fastpath.FastPath;
import floof.control.fpc.FpcPages;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.plan.CommitException;
import floof.control.plan.Department;
import floof.control.plan.Intent;
import floof.control.plan.Step;
import floof.fpc.Driver;
import floof.fpc.Message;
import floof.linux.error.LinuxException;
import floof.linux.netlink.Link;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports of an instance: what was claimed ({@link Devices}), its links ({@link Twins}, {@link
 * Links}) and what the fast path has of it ({@link Attachments}). Thread: any, one at a time.
 */
public final class Ports implements Department, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);

    private static final Chapter CHAPTER = new Chapter("interfaces", true, true);

    /** How the statement of a port begins. */
    private static final String ENTRY = CHAPTER.name() + " ";

    private final Instance instance;
    private final int limit;
    private final Claims recorded;
    private final Devices devices;
    private final Links links;
    private final Doomed doomed;
    private final Twins twins;
    private final Attachments attachments;
    private final Duplicates duplicates;

    /** Of the ports that are whole. */
    private final SortedMap<String, Claim> claims = new ConcurrentSkipListMap<>();

    /**
     * @param limit number of ports that the fast path has room for
     */
    public Ports(Instance instance, ManagerConnection manager, int limit) throws IOException {
        this.limit = limit;
        this.instance = instance;
        this.recorded = Claims.of(instance);
        this.devices = new Devices(instance, recorded);
        this.links = new Links(instance);
        this.doomed = new Doomed(links.dataplane());
        this.twins = new Twins(instance, links, doomed);
        this.attachments = new Attachments(instance, manager, claims.values(), twins, links);
        this.duplicates = new Duplicates(links);
    }

    /**
     * Takes over what an earlier floofd left: twins through the fast path's open files, or, where
     * it has none, by attaching to the persistent device. What was half made is given back.
     */
    public synchronized void adopt(FastPath process) throws IOException {
        attachments.start(process);
        Map<String, Integer> held = new HashMap<>();
        for (Message.PortState port : FpcPages.ports(process.client())) {
            if (recorded.get(port.name()) == null) {
                LOG.warn("nothing tells of {}; the fast path lets go of it", port.name());
                process.client().tell(new Message.PortDetach(port.index()));
            }
            held.put(port.name(), port.twinFd());
        }
        twins.dropUnclaimed(recorded.all().keySet());
        try (PidFd holder = PidFd.open(process.process().pid())) {
            for (Claim claim : recorded.all().values()) {
                adopt(claim, holder, held.get(claim.port()));
            }
        }
        List<Unsettled.Failure> failures = attachments.settle();
        if (!failures.isEmpty()) {
            throw failures.getFirst().why();
        }
    }

    private void adopt(Claim claim, PidFd holder, @Nullable Integer number) throws IOException {
        String port = claim.port();
        if (links.dataplane().link(port) == null) {
            LOG.warn("{} was half made; giving it back", port);
            devices.release(claim);
        } else {
            twins.adopt(port, holder, number);
            claims.put(port, claim);
            attachments.adopt(claim);
            LOG.info("adopted {}", port);
        }
    }

    /**
     * What commits have made so far, read from the system; who asks does not wait for a fast path
     * that starts again for a port's sake.
     */
    public SortedMap<String, AppliedPort> applied() throws IOException {
        SortedMap<String, AppliedPort> ports = new TreeMap<>();
        Set<Integer> attached = attachments.attached();
        Map<Integer, List<InterfaceAddress>> addresses = links.ours();
        for (Link link : links.dataplane().links()) {
            Claim claim = claims.get(link.name());
            if (claim != null) {
                ports.put(
                        link.name(),
                        new AppliedPort(
                                claim.index(),
                                claim.attachment(),
                                link.mtu(),
                                link.isUp(),
                                attached.contains(claim.index()),
                                addresses.getOrDefault(link.index(), List.of())));
            }
        }
        return ports;
    }

    @Override
    public List<Step> plan(Intent shall, boolean isFull) throws IOException, CommitException {
        return new PortPlan(applied(), shall, limit, new PortSteps(this)).steps();
    }

    /** Whether a device is ours already, under whatever port. */
    boolean isClaimed(String device) {
        return claims.values().stream()
                .anyMatch(it -> it.device() != null && it.device().name().equals(device));
    }

    /** Ports and what they were made of. */
    public SortedMap<String, Claim> claims() {
        return new TreeMap<>(claims);
    }

    // ---- as a department ----------------------------------------------------------------------

    @Override
    public Chapter chapter() {
        return CHAPTER;
    }

    @Override
    public synchronized Map<String, String> heal(Intent shall) {
        Map<String, String> faults = heal();
        Set<String> ours = new HashSet<>();
        for (Claim claim : claims.values()) {
            if (claim.device() != null) {
                ours.add(claim.device().name());
            }
        }
        for (Intent.Port port : shall.ports().values()) {
            String device = port.attachment().device();
            if (device != null && !ours.contains(device)) {
                String refusal = Devices.refusal(device);
                if (refusal != null) {
                    faults.putIfAbsent(port.name(), refusal);
                }
            }
        }
        return byStatement(faults, "");
    }

    private static Map<String, String> byStatement(Map<String, String> faults, String what) {
        Map<String, String> byStatement = new TreeMap<>();
        faults.forEach((port, why) -> byStatement.put(ENTRY + port, what + why));
        return byStatement;
    }

    @Override
    public List<ConfigError> warnings(Branch shall, Branch running) {
        SortedMap<String, Intent.Port> before = Intent.portsOf(running);
        SortedMap<String, Intent.Port> after = Intent.portsOf(shall);
        if (after.equals(before)) {
            return List.of();
        }
        List<ConfigError> overlaps = new ArrayList<>(Overlaps.of(after.values()));
        overlaps.removeAll(Overlaps.of(before.values()));
        return overlaps;
    }

    @Override
    public synchronized void lookAgain() {
        try {
            duplicates.lookAgain();
        } catch (IOException | LinuxException e) {
            LOG.warn("duplicate addresses: {}", e.getMessage());
        }
    }

    @Override
    public void followed(Intent shall, Alarms alarms) {
        synchronized (this) {
            attachments.sendPeers(shall.peers());
        }
        duplicates.tell(alarms); // listeners run: nobody waits for them
    }

    @Override
    public boolean isSame(String statement, Intent one, Intent other) {
        Intent.Port port = one.ports().get(port(statement));
        return port != null && port.equals(other.ports().get(port.name()));
    }

    /** The port that a statement is; empty for another one. */
    private static String port(String statement) {
        return statement.startsWith(ENTRY) ? statement.substring(ENTRY.length()) : "";
    }

    @Override
    public Intent fallback(String statement, Intent failed) {
        String port = port(statement);
        // Where nothing of it is there, nothing of it is to be kept.
        return claims.containsKey(port) ? failed : failed.without(port);
    }

    @Override
    public Map<String, String> faults() {
        return byStatement(attachments.refused(), "is not in the fast path: ");
    }

    /**
     * Why ports do not work as configured, by port. Thread: any.
     *
     * @param left statements that were left out, and why
     */
    public Map<String, String> faults(Map<String, String> left) {
        Map<String, String> faults = new TreeMap<>(attachments.refused());
        left.forEach((statement, why) -> {
            if (statement.startsWith(ENTRY)) {
                faults.put(port(statement), why);
            }
        });
        return faults;
    }

    // ---- mending ------------------------------------------------------------------------------

    /**
     * Mends what happened to links behind our back: twins that were renamed or deleted by hand,
     * devices that were renamed, moved out, or went away and came back. Addresses, MTU and state of
     * twins are left to a plan, which finds them in {@link #applied}.
     *
     * @return ports that could not be mended, and why
     */
    public synchronized Map<String, String> heal() {
        Map<String, String> broken = new TreeMap<>();
        Map<String, Link> twinsByName = byName(links.dataplane().links());
        Map<String, Link> devicesByName = byName(links.hidden().links());
        for (Claim claim : List.copyOf(claims.values())) {
            try {
                Link twin = healTwin(claim, twinsByName);
                healDevice(claim, twin, devicesByName);
            } catch (IOException | LinuxException e) {
                broken.put(claim.port(), String.valueOf(e.getMessage()));
            }
        }
        return broken;
    }

    private static Map<String, Link> byName(List<Link> links) {
        Map<String, Link> byName = new TreeMap<>();
        links.forEach(link -> byName.put(link.name(), link));
        return byName;
    }

    /** The twin, as it is now. */
    private Link healTwin(Claim claim, Map<String, Link> there) throws IOException {
        String port = claim.port();
        Link link = there.get(port);
        if (link != null && twins.is(port, link)) {
            return link;
        }
        if (link != null) {
            throw new IOException("a link named " + port + " is there, not from a commit");
        }
        for (Link renamed : there.values()) {
            if (twins.is(port, renamed)) {
                LOG.warn("{} was renamed to {}; it gets its name back", port, renamed.name());
                Links.rename(links.dataplane(), renamed, port);
                return links.require(port);
            }
        }
        LOG.warn("the link {} is gone; recreating it", port);
        attachments.detach(claim);
        twins.close(port);
        twins.create(claim);
        return links.require(port);
    }

    private void healDevice(Claim claim, Link twin, Map<String, Link> there) throws IOException {
        Claim.Device was = claim.device();
        if (was == null) {
            return;
        }
        String name = claim.hiddenName(instance);
        Link device = there.get(name);
        if (device == null) {
            device = renamed(was, there);
            if (device != null) {
                LOG.warn("the device of {} was renamed to {}", claim.port(), device.name());
                Links.rename(links.hidden(), device, name);
            }
        }
        if (device == null) {
            if (attachments.attached().contains(claim.index())) {
                attachments.detach(claim);
            }
            twins.carrier(claim.port(), false);
            Claim renewed = devices.renew(claim);
            device = renewed == null ? null : links.device(renewed);
            if (renewed == null || device == null) {
                throw new IOException("its device " + was.name() + " is gone");
            }
            claims.put(claim.port(), renewed);
            MacAddress mac = requireNonNull(renewed.device()).mac();
            if (!mac.equals(twin.mac())) {
                links.dataplane().setMac(twin.index(), mac);
            }
        }
        links.follow(device, twin);
        twins.carrier(claim.port(), device.isRunning());
    }

    /** The device under a name that is nobody's. */
    private @Nullable Link renamed(Claim.Device was, Map<String, Link> there) {
        Set<String> names = new HashSet<>();
        claims.values().forEach(claim -> names.add(claim.hiddenName(instance)));
        return there.values().stream()
                .filter(link -> was.mac().equals(link.mac()) && !names.contains(link.name()))
                .findFirst()
                .orElse(null);
    }

    // ---- operations ---------------------------------------------------------------------------

    public synchronized void claim(String port, int index, Intent.Attachment attachment)
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

    public synchronized void release(String port) throws IOException {
        deleteDoomed();
        devices.release(claim(port));
        claims.remove(port);
    }

    public synchronized void createTwin(String port, int index, Intent.Attachment attachment)
            throws IOException {
        deleteDoomed();
        if (links.dataplane().link(port) != null) {
            throw new IOException("a link named " + port + " is there already, not from a commit");
        }
        Claim claim = claims.get(port);
        if (claim == null) {
            claim = new Claim(port, index, attachment.driver(), attachment.settings(), null);
            recorded.put(claim);
            claims.put(port, claim);
        }
        try {
            twins.create(claim);
        } catch (IOException | LinuxException e) {
            forgetDeviceless(claim);
            throw e;
        }
    }

    public synchronized void deleteTwin(String port) throws IOException {
        Claim claim = claim(port);
        twins.delete(claim);
        forgetDeviceless(claim);
    }

    private void forgetDeviceless(Claim claim) {
        if (claim.device() == null) {
            claims.remove(claim.port());
        }
    }

    /** Deletes what is to go, once the fast path has let go of it. */
    private void deleteDoomed() throws IOException {
        if (doomed.isEmpty()) {
            return;
        }
        attachments.awaitDetached();
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
    @Override
    public synchronized void settle() throws IOException, CommitException {
        List<Unsettled.Failure> failures = attachments.settle();
        deleteDoomed();
        if (!failures.isEmpty()) {
            Unsettled.Failure first = failures.getFirst();
            throw new CommitException(
                    ENTRY + first.claim().port(), "" + first.why().getMessage(), first.why());
        }
    }

    /** Asks the fast path to take a port; {@link #settle} has the answer. */
    public synchronized void beginAttach(String port) throws IOException, CommitException {
        if (attachments.mayRestart()) {
            settle();
        }
        attachments.beginAttach(claim(port));
    }

    /** Takes a port from the fast path, if it has it; {@link #settle} has the answer. */
    public synchronized void beginDetach(String port) throws IOException {
        attachments.beginDetach(claim(port));
    }

    /** Gives every port to a fast path that has none; those it has already are passed over. */
    public synchronized void attachAll() throws IOException {
        attachments.attachAll();
    }

    /** Gives the fast path again what it refused when it started. */
    synchronized void retry() {
        attachments.retry();
    }

    /**
     * @param mtu 0 = as the device had it
     */
    public synchronized void setMtu(String port, int mtu) throws IOException {
        Claim claim = claim(port);
        Claim.Device was = claim.device();
        int bytes = mtu != 0 ? mtu : was == null ? 1500 : was.mtu();
        int before = links.require(port).mtu();
        links.setMtu(claim, bytes);
        if (claim.driver() == Driver.DPDK && before != bytes) {
            try {
                attachments.reattach(claim);
            } catch (IOException e) {
                links.setMtu(claim, before);
                throw e;
            }
        }
    }

    public synchronized void setAdmin(String port, boolean isUp) throws IOException {
        Claim claim = claim(port);
        links.setUp(claim, isUp);
        try {
            twins.carrier(claim);
        } catch (IOException | LinuxException e) {
            links.setUp(claim, !isUp);
            throw e;
        }
    }

    /**
     * @param behind those of its subnet that must stand behind it
     */
    public synchronized void addAddress(
            String port, InterfaceAddress address, List<InterfaceAddress> behind)
            throws IOException {
        links.addAddress(twins.get(port).ifindex(), address, behind);
    }

    public synchronized void removeAddress(String port, InterfaceAddress address)
            throws IOException {
        links.removeAddress(twins.get(port).ifindex(), address);
    }

    // ---- carrier ------------------------------------------------------------------------------

    /** Gives each twin the carrier that its device has. */
    synchronized void carriers() {
        for (Claim claim : claims.values()) {
            try {
                twins.carrier(claim);
            } catch (IOException | LinuxException e) {
                LOG.warn("carrier of {}: {}", claim.port(), e.getMessage());
            }
        }
    }

    /**
     * Gives the twin of a hidden device the device's carrier.
     *
     * @param isPresent false when it has just left
     */
    synchronized void carrier(Link device, boolean isPresent) {
        for (Claim claim : claims.values()) {
            if (claim.device() != null && claim.hiddenName(instance).equals(device.name())) {
                twins.carrier(claim.port(), isPresent && device.isRunning());
            }
        }
    }

    private Claim claim(String port) throws IOException {
        Claim claim = claims.get(port);
        if (claim == null) {
            throw new IOException("there is no port " + port);
        }
        return claim;
    }

    /** Lets go of the twins; the fast path still holds them. */
    @Override
    public synchronized void close() {
        twins.close();
        links.close();
    }
}
