package floof.dataplane;

import floof.base.Reason;
import floof.engine.Presence;
import floof.tables.Counters;
import floof.tables.Interface;
import floof.tables.Readers;
import floof.tables.Tables;

/**
 * A worker's view of the tables: one generation for a whole cycle, so that an index means the same
 * in every node. Thread: worker.
 */
public final class TableView implements Presence {

    final Tables tables;

    /** The worker's number in the tables' counters. */
    final int worker;

    /** Peers whose control traffic is policed separately. */
    public final Peers peers = new Peers();

    /** Address of the generation of this cycle. */
    long generation;

    public TableView(Tables tables, int worker) {
        this.tables = tables;
        this.worker = worker;
        this.generation = tables.generation();
    }

    @Override
    public void online() {
        Readers.online(tables, worker);
        generation = tables.generation();
    }

    @Override
    public void quiescent() {
        Readers.quiescent(tables, worker);
        generation = tables.generation();
    }

    @Override
    public void offline() {
        Readers.offline(tables, worker);
    }

    /** Adds to a counter of an interface. */
    void countInterface(int index, int counter, long amount) {
        Counters.add(tables.interfaceCounters(worker, index) + counter, amount);
    }

    /** Adds to {@code PASSED} or {@code POLICED} of a reason. */
    void countReason(int ordinal, int counter, long amount) {
        Counters.add(Counters.reason(tables.reasonCounters(worker), ordinal) + counter, amount);
    }

    /**
     * Counts packets that are discarded for a reason, at their input interface or intended output
     * interface; 0 if the port has none.
     */
    void countDrops(Reason reason, int index, long packets) {
        countDrops(reason.ordinal(), Counters.PASSED, index, packets);
    }

    /**
     * The same for another counter.
     *
     * @param counter {@code POLICED} if they were meant for Linux
     */
    void countDrops(int ordinal, int counter, int index, long packets) {
        countReason(ordinal, counter, packets);
        countInterface(index, Counters.DROPPED, packets);
        Counters.add(Counters.drop(tables.drops(worker, index), ordinal), packets);
    }

    /** Whether the interface of a port is administratively up. */
    public boolean isInterfaceUp(int port) {
        int index = tables.interfaceOfPort(generation, port);
        return index != 0 && (Interface.flags(tables.iface(generation, index)) & Interface.UP) != 0;
    }
}
