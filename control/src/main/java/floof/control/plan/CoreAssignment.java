package floof.control.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Which CPUs the workers have for themselves and which are left to everything else: floofd, BIRD,
 * compilers, collectors. The same input gives the same assignment, so that the fast path and floofd
 * compute it independently.
 *
 * <p>By itself: one worker per core but the first; one on the last where there are no more than two
 * cores; of a core with several hardware threads the first only, its siblings stay idle. A machine
 * of one CPU has one worker that shares it.
 *
 * @param cores the workers' CPUs, by worker
 * @param others those of everything else; may overlap where there are too few
 * @param isPinned whether workers stay on their CPU
 * @param from what led to it, for the operator
 */
public record CoreAssignment(List<Integer> cores, BitSet others, boolean isPinned, String from) {

    /** As many as the shared memory has counters for ({@code floof.tables.Limits}). */
    public static final int WORKERS_MAX = 16;

    public CoreAssignment {
        cores = List.copyOf(cores);
        others = (BitSet) others.clone();
    }

    /**
     * @param cpus that the router may use
     * @param threadsOfCore hardware threads of a CPU's core, itself among them
     * @throws CommitException naming the statement that this machine cannot follow
     */
    public static CoreAssignment of(
            BitSet cpus, IntFunction<BitSet> threadsOfCore, FastPathSettings settings)
            throws CommitException {
        BitSet usable = firstThreads(cpus, threadsOfCore);
        List<Integer> cores;
        String from;
        if (settings.cores().isEmpty()) {
            int count = count(usable.cardinality(), settings);
            cores = last(usable, count);
            from =
                    (settings.workers() == null ? "" : "workers configured; ")
                            + cpus.cardinality()
                            + " CPUs, "
                            + usable.cardinality()
                            + " cores"
                            + (settings.workers() == null && count == WORKERS_MAX
                                    ? ", at most " + WORKERS_MAX + " workers"
                                    : "");
        } else {
            cores = chosen(cpus, settings);
            from = "cores configured";
        }
        if (cpus.cardinality() == 1) {
            return new CoreAssignment(cores, cpus, false, from + "; shared with everything else");
        }
        BitSet others = (BitSet) cpus.clone();
        for (int core : cores) {
            others.andNot(threadsOfCore.apply(core));
        }
        if (others.isEmpty()) {
            return new CoreAssignment(
                    cores, cpus, true, from + "; none is left for everything else");
        }
        return new CoreAssignment(cores, others, true, from);
    }

    /** Whether everything else runs on this worker's CPU, too. */
    public boolean isShared(int worker) {
        return others.get(cores.get(worker));
    }

    private static BitSet firstThreads(BitSet cpus, IntFunction<BitSet> threadsOfCore) {
        BitSet first = new BitSet();
        cpus.stream()
                .filter(cpu -> {
                    BitSet here = (BitSet) threadsOfCore.apply(cpu).clone();
                    here.and(cpus);
                    return here.nextSetBit(0) == cpu;
                })
                .forEach(first::set);
        return first;
    }

    private static int count(int cores, FastPathSettings settings) throws CommitException {
        Integer wanted = settings.workers();
        if (wanted == null) {
            return cores <= 2 ? 1 : Math.min(cores - 1, WORKERS_MAX);
        }
        if (wanted > cores) {
            throw new CommitException(
                    "fast-path workers",
                    wanted
                            + " workers; this machine has "
                            + cores
                            + (cores == 1 ? " core" : " cores"));
        }
        return wanted;
    }

    private static List<Integer> last(BitSet usable, int count) {
        List<Integer> cores = new ArrayList<>(usable.stream().boxed().toList());
        return cores.subList(cores.size() - count, cores.size());
    }

    private static List<Integer> chosen(BitSet cpus, FastPathSettings settings)
            throws CommitException {
        List<Integer> cores = settings.cores();
        for (int core : cores) {
            if (!cpus.get(core)) {
                throw new CommitException(
                        "fast-path cores " + core,
                        "CPU " + core + " is not among those of the router, " + cpus);
            }
        }
        Integer workers = settings.workers();
        int count = workers == null ? cores.size() : workers;
        if (count > cores.size()) {
            throw new CommitException(
                    "fast-path workers",
                    count + " workers, but " + cores.size() + " cores are set for them");
        }
        return cores.subList(0, count);
    }
}
