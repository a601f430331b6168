package floof.app;

import floof.engine.Pauses;
import floof.linux.system.ThreadUsage;

/** Linux's statistics of a worker's thread. Thread: the worker's. */
final class KernelUsage implements Pauses.Usage {

    private final ThreadUsage usage = new ThreadUsage();

    @Override
    public void sample() {
        usage.sample();
    }

    @Override
    public long involuntarySwitches() {
        return usage.involuntarySwitches();
    }

    @Override
    public long voluntarySwitches() {
        return usage.voluntarySwitches();
    }

    @Override
    public long pageFaults() {
        return usage.pageFaults();
    }
}
