package floof.control.port;

import floof.base.IpAddress;
import floof.control.fastpath.FastPath;
import floof.control.fastpath.FastPathProcess;
import floof.control.fpc.FpcPages;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.fpc.Driver;
import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.fpc.Refused;
import floof.fpc.Report;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives ports to the fast path and takes them away, and tells its manager which link is whose.
 * Thread: one at a time.
 */
final class Attachments {

    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

    private final Instance instance;
    private final ManagerConnection manager;
    private final Collection<Claim> claims;
    private final Twins twins;
    private final Links links;
    private final Unsettled unsettled = new Unsettled();

    /** Ports that a fast path which started did not take, and why. */
    private final Map<String, String> refused = new ConcurrentSkipListMap<>();

    private @Nullable FastPath fastPath;

    /** Far ends of our routing sessions; null until they are known. */
    private @Nullable List<IpAddress> peers;

    /** The peers that this fast path has; null after its start. */
    private @Nullable List<IpAddress> sentPeers;

    /**
     * @param claims of all ports there are, as they come and go
     */
    Attachments(
            Instance instance,
            ManagerConnection manager,
            Collection<Claim> claims,
            Twins twins,
            Links links) {
        this.instance = instance;
        this.manager = manager;
        this.claims = claims;
        this.twins = twins;
        this.links = links;
    }

    /** The ports that could be attached: those that have a twin. */
    private List<Claim> whole() {
        return claims.stream().filter(claim -> twins.has(claim.port())).toList();
    }

    void start(FastPath process) {
        fastPath = process;
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

    /** Indices of the ports that the fast path has. */
    Set<Integer> attached() throws IOException {
        Set<Integer> attached = new HashSet<>();
        FpcPages.ports(client()).forEach(port -> attached.add(port.index()));
        return attached;
    }

    /** Tells the manager of a port that the fast path has kept; {@link #settle} has the answer. */
    void adopt(Claim claim) throws IOException {
        unsettled.ask(manager.client(), claim, true, told(claim, true));
    }

    /** Whether attaching may start it again; it must not owe us answers then. */
    boolean mayRestart() {
        return !requiredWords().isEmpty();
    }

    // ---- in a commit: asked for now, answered later -------------------------------------------

    /** Asks the fast path to take a port; {@link #settle} has the answer. */
    void beginAttach(Claim claim) throws IOException {
        ask(claim, true, request(claim));
    }

    /** Takes a port from the fast path, if it has it; {@link #settle} has the answer. */
    void beginDetach(Claim claim) throws IOException {
        ask(claim, false, new Message.PortDetach(claim.index()));
    }

    private void ask(Claim claim, boolean isAttach, Message.Request request) throws IOException {
        refused.remove(claim.port());
        unsettled.ask(manager.client(), claim, isAttach, told(claim, isAttach));
        unsettled.ask(client(), claim, isAttach, request);
    }

    /** Waits for what was begun; what was not done. */
    List<Unsettled.Failure> settle() throws IOException {
        List<Unsettled.Failure> failures = unsettled.await();
        for (Unsettled.Failure failure : failures) {
            if (failure.isAttach()) {
                tellManager(failure.claim(), false);
            }
        }
        return failures;
    }

    /** Waits until the fast path let go of all ports that it was asked for, or is gone. */
    void awaitDetached() {
        unsettled.awaitDetached();
    }

    // ---- at once ------------------------------------------------------------------------------

    private void attach(Claim claim) throws IOException {
        Message.PortAttach request = request(claim);
        tellManager(claim, true);
        try {
            client().tell(request);
            refused.remove(claim.port());
        } catch (IOException e) {
            tellManager(claim, false);
            throw e;
        }
    }

    /** Takes a port from the fast path, if it has it. */
    void detach(Claim claim) throws IOException {
        refused.remove(claim.port());
        try {
            client().tell(new Message.PortDetach(claim.index()));
        } catch (Refused e) {
            if (e.report() != Report.NOT_FOUND) {
                throw e;
            }
        }
        tellManager(claim, false);
    }

    /** DPDK's devices take an MTU when they are configured. */
    void reattach(Claim claim) throws IOException {
        if (attached().contains(claim.index())) {
            detach(claim);
            attach(claim);
        }
    }

    /** Gives every port to a fast path that has none; those it has already are passed over. */
    void attachAll() throws IOException {
        sentPeers = null;
        if (peers != null) {
            sendPeers(peers);
        }
        attachAll("");
    }

    /**
     * Sends the fast path the peers whose control traffic it polices separately, if they changed.
     */
    void sendPeers(List<IpAddress> addresses) {
        peers = addresses;
        int most = Message.Peers.MAX;
        if (!addresses.equals(sentPeers)) {
            try {
                client().tell(new Message.Peers(addresses.stream().limit(most).toList()));
                if (addresses.size() > most) {
                    LOG.warn("{} neighbours; policed by themselves: {}", addresses.size(), most);
                }
            } catch (Refused e) {
                LOG.warn(
                        "the fast path polices routing sessions like any others: {}",
                        e.getMessage());
            } catch (IOException e) {
                LOG.info("the fast path learns the peers later: {}", e.getMessage());
                return;
            }
            sentPeers = addresses;
        }
    }

    private void attachAll(String except) throws IOException {
        Set<Integer> attached = attached();
        for (Claim claim : whole()) {
            if (!attached.contains(claim.index()) && !claim.port().equals(except)) {
                attachOrTell(claim);
            }
        }
    }

    private boolean attachOrTell(Claim claim) {
        try {
            attach(claim);
            return true;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.equals(refused.put(claim.port(), why))) {
                LOG.error("{} is not in the fast path: {}; trying again", claim.port(), why);
            }
            return false;
        }
    }

    /** Gives the fast path again what it refused when it started. */
    void retry() {
        for (Claim claim : whole()) {
            if (refused.containsKey(claim.port()) && attachOrTell(claim)) {
                LOG.info("{} is in the fast path now", claim.port());
            }
        }
    }

    /** Why ports are not in the fast path. */
    Map<String, String> refused() {
        return Map.copyOf(refused);
    }

    // ---- messages -----------------------------------------------------------------------------

    /** What gives a port to the fast path, which is started again first if it has to be. */
    private Message.PortAttach request(Claim claim) throws IOException {
        String port = claim.port();
        if (fastPath().require(requiredWords())) {
            attachAll(port);
        }
        boolean hasDevice = claim.device() != null;
        return new Message.PortAttach(
                claim.index(),
                port,
                claim.driver(),
                hasDevice ? instance.ports().toString() : "",
                hasDevice ? claim.hiddenName(instance) : port,
                Math.toIntExact(ProcessHandle.current().pid()),
                twins.get(port).tap().fd().number(),
                links.require(port).mtu(),
                claim.settings());
    }

    /** What the fast path needs on its command line, for all ports. */
    private Set<String> requiredWords() {
        Set<String> words = new HashSet<>();
        for (Claim claim : whole()) {
            if (claim.driver() == Driver.DPDK) {
                words.add(FastPathProcess.DPDK);
                if (claim.settings().containsKey("pci-address")) {
                    words.add(FastPathProcess.PCI);
                }
            }
        }
        return words;
    }

    private static Message.Port told(Claim claim, boolean isPresent) {
        return new Message.Port(claim.index(), claim.port(), isPresent);
    }

    /** That the link of this name is, or no longer is, the twin of this port. */
    private void tellManager(Claim claim, boolean isPresent) throws IOException {
        manager.client().tell(told(claim, isPresent));
    }
}
