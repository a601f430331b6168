package floof.lab.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ./floof bench NAME [--json] [ROW ...]}: chooses the benchmark and refuses words that it
 * does not know.
 */
public final class Bench {

    private static final int NONSENSE = 2;

    /** All by name. */
    private static final List<Bench> ALL =
            List.of(
                    new Bench(
                            "forwarding",
                            "clocks per packet through the graph, without any device",
                            Forwarding.rows(),
                            Forwarding::main),
                    new Bench(
                            "spreading",
                            "clocks per packet to divide a receive queue between two workers",
                            List.of(),
                            Spreading::main),
                    new Bench(
                            "ports",
                            "packets per second from port to port, beside Linux's forwarding",
                            Ports.rows(),
                            Ports::main),
                    new Bench(
                            "memif",
                            "packets per second from memif to memif, ours and DPDK's",
                            Memif.rows(),
                            Memif::main),
                    new Bench(
                            "cli",
                            "milliseconds from a command to floofctl's answer and to its prompt",
                            List.of(),
                            Cli::main),
                    new Bench(
                            "stalls",
                            "the longest pause of a worker under changes",
                            List.of(),
                            Stalls::main),
                    new Bench(
                            "start",
                            "how soon a killed fast path forwards again, and how fast",
                            List.of(),
                            Start::main),
                    new Bench(
                            "commit",
                            "how long an operator waits for a commit",
                            Commit.rows(),
                            Commit::main),
                    new Bench(
                            "dpdk",
                            "clocks per packet to and from DPDK's null device",
                            List.of(),
                            DpdkNull::main));

    private final String name;
    private final String what;
    private final List<String> rows;
    private final Run run;

    private interface Run {
        void with(String[] words) throws Exception;
    }

    /**
     * @param rows that can be asked for; none: all are measured always
     */
    private Bench(String name, String what, List<String> rows, Run run) {
        this.name = name;
        this.what = what;
        this.rows = rows;
        this.run = run;
    }

    public static void main(String[] words) throws Exception {
        List<String> rest = new ArrayList<>(List.of(words));
        String name = rest.isEmpty() ? "" : rest.removeFirst();
        for (Bench bench : ALL) {
            if (bench.name.equals(name)) {
                bench.start(rest);
                return;
            }
        }
        throw new IllegalArgumentException("no benchmark " + name);
    }

    private void start(List<String> words) throws Exception {
        if (words.contains("--help") || words.contains("-h")) {
            usage(System.out);
            return;
        }
        for (String word : words) {
            if (!word.equals("--json") && !isRow(word)) {
                System.err.println("bench " + name + ": '" + word + "' is no option and no row");
                usage(System.err);
                System.exit(NONSENSE);
            }
        }
        run.with(words.toArray(String[]::new));
    }

    private boolean isRow(String word) {
        return !word.startsWith("-") && rows.stream().anyMatch(row -> row.startsWith(word));
    }

    private void usage(PrintStream out) {
        out.println(
                "usage: ./floof bench "
                        + name
                        + " [--json]"
                        + (rows.isEmpty() ? "" : " [ROW ...]"));
        out.println("  " + what);
        if (!rows.isEmpty()) {
            out.println("  a ROW is one of these, or what some of them begin with:");
            rows.forEach(row -> out.println("    " + row));
        }
    }
}
