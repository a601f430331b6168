package floof.api;

import floof.api.commit.CommitRequest;
import floof.api.commit.CommitResult;
import floof.api.commit.PendingCommit;
import floof.api.network.BgpSession;
import floof.api.network.InterfaceState;
import floof.api.network.Neighbour;
import floof.api.view.Commands;
import floof.api.view.UnavailableException;
import floof.base.alarm.Alarms;
import floof.config.candidate.Candidates;
import floof.config.store.Revision;
import floof.config.text.Loaded;
import floof.config.tree.Branch;
import floof.config.tree.SchemaNode;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running router, as front ends (the operator's shell and those to come) see it. Thread: any;
 * calls may wait for the fast path, BIRD or the kernel, but never longer than ten seconds except
 * for {@link #commit}. What cannot be answered now (a part is restarting) throws {@link
 * UnavailableException}.
 */
public interface Router {

    /** This router as a user may use it: the only way in for front ends that serve others. */
    default Access as(String user) {
        return new Access(this, user);
    }

    /** Identity and age. */
    Version version();

    /** The configuration's host name, or that of the machine. */
    String hostName();

    /** The machine, and programs that run on it. */
    Machine machine();

    /** What is wrong now. */
    Alarms alarms();

    /** Who did what. */
    AuditLog audit();

    /** Everybody's candidates, and the running configuration. */
    Candidates candidates();

    /** What was committed last. */
    default Branch running() {
        return candidates().running();
    }

    /** What may be configured. */
    default SchemaNode schema() {
        return running().schema();
    }

    /**
     * Everything wrong with what shall be committed, this machine asked too (missing devices);
     * changes nothing, but confirms a commit that waits for it.
     */
    CommitResult check(CommitRequest request);

    /**
     * Makes a tree the running configuration, or changes nothing and says why. One at a time;
     * others wait.
     */
    CommitResult commit(CommitRequest request);

    /** What a commit of the tree would do, in order; empty when the system follows it already. */
    CommitResult plan(Branch tree);

    /** The commit that waits for its confirmation or its time, or null. */
    @Nullable PendingCommit pending();

    /**
     * Takes a commit back that waits for its time; false when there is none.
     *
     * @throws IOException when its file cannot be removed
     */
    boolean clearPending() throws IOException;

    /**
     * The configuration kept for emergencies. Its warnings name values that this version refuses.
     *
     * @throws IOException when there is none or it cannot be read; the message is for the operator
     */
    Loaded rescue() throws IOException;

    /** Keeps the running configuration for emergencies. */
    void saveRescue() throws IOException;

    /** Forgets it; false when there is none. */
    boolean deleteRescue() throws IOException;

    /**
     * From now on {@code listener} gets what all sessions shall be told, on any thread, and must
     * not block; until the result is closed.
     */
    Listening listen(Consumer<SessionMessage> listener);

    /** Tells all sessions. */
    void tell(String text);

    /** A listener's place. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    /** Committed configurations, newest first. */
    List<Revision> history();

    /**
     * A committed configuration; 0 is the running one.
     *
     * @throws IOException when there is no such revision or it cannot be read; the message is for
     *     the operator
     */
    Branch revision(int number) throws IOException;

    /** Interfaces in order of their names, those of Linux that are not ours included. */
    List<InterfaceState> interfaces() throws UnavailableException;

    /** What can be shown and done. */
    Commands commands();

    /** Adds commands of one front end, so that all others offer them, too. */
    void contribute(Commands more);

    /** The ARP table: IPv4 neighbours. */
    List<Neighbour> arp() throws UnavailableException;

    /** IPv6 neighbours. */
    List<Neighbour> ip6Neighbours() throws UnavailableException;

    /** Sessions of BGP in order of peer and address. */
    List<BgpSession> bgpSessions() throws UnavailableException;

    /** The fast path. */
    FastPathState fastPath();
}
