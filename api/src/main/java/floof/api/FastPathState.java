package floof.api;

import floof.api.fastpath.DpdkState;
import floof.api.fastpath.FastPathMemory;
import floof.api.fastpath.FastPathStatistics;
import floof.api.fastpath.FpcCounter;
import floof.api.fastpath.NodeRuntime;
import floof.api.fastpath.PacketTrace;
import floof.api.fastpath.SizingChoice;
import floof.api.fastpath.SyncState;
import floof.api.fastpath.WorkerState;
import floof.api.network.Port;
import floof.api.view.UnavailableException;
import java.io.IOException;
import java.util.List;

/**
 * What the fast path and its manager say of themselves. Thread: any. An {@link IOException} says
 * why they do not answer.
 */
public interface FastPathState {

    /** Packets that left the fast path before their output port, and what each interface moved. */
    FastPathStatistics statistics() throws IOException, UnavailableException;

    List<Port> ports() throws IOException, UnavailableException;

    /** DPDK's part of the fast path. */
    DpdkState dpdk() throws IOException, UnavailableException;

    /** What the drivers of DPDK's ports count. */
    List<DpdkState.Counter> dpdkCounters() throws IOException, UnavailableException;

    /** Work of the graph's nodes. */
    List<NodeRuntime> nodes() throws IOException, UnavailableException;

    /** Messages of FPC since floofd started, one row per type and direction. */
    List<FpcCounter> messages() throws IOException, UnavailableException;

    /** What the cache manager does and has. */
    SyncState sync() throws UnavailableException;

    /** The workers and what held them up. */
    List<WorkerState> workers() throws IOException, UnavailableException;

    /** The fast path's sizing choices and their reasons. */
    List<SizingChoice> sizing() throws IOException, UnavailableException;

    /** How full the shared tables are, and what memory the fast path has. */
    FastPathMemory memory() throws IOException, UnavailableException;

    /**
     * Asks the fast path to trace packets that come in.
     *
     * @param count 1..1000; earlier traces are dropped
     */
    void addTrace(int count) throws UnavailableException;

    /** Packets traced since {@link #addTrace}. */
    List<PacketTrace> traces() throws IOException, UnavailableException;
}
