package floof.lab;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Steady traffic: echo requests every 10 ms until stopped, with the gaps in their answers. Thread:
 * one.
 */
public final class Pinger {

    private static final Pattern ANSWER =
            Pattern.compile("\\[(\\d+\\.\\d+)] .*icmp_seq=(\\d+) .*time=");

    private final Network network;
    private final String label;
    private final Process process;

    /** Starts at once; {@code label} names its log. */
    public Pinger(Network network, String host, String target, String label) {
        this.network = network;
        this.label = label;
        this.process =
                network.start(label, network.in(host, "ping", "-D", "-n", "-i", "0.01", target));
    }

    /** How many answers have come. */
    public long answers() {
        return ANSWER.matcher(network.log(label)).results().count();
    }

    /** Waits until answers have come that did not before; false when they do not in two minutes. */
    public boolean awaitAnswers(int count) {
        long before = answers();
        return Network.await(Duration.ofMinutes(2), () -> answers() >= before + count);
    }

    /** Time of the last answer in seconds since the epoch, 0 when there is none. */
    public double lastAnswer() {
        double last = 0;
        var matcher = ANSWER.matcher(network.log(label));
        while (matcher.find()) {
            last = Double.parseDouble(matcher.group(1));
        }
        return last;
    }

    /** Stops, and tells the longest gap between two answers and how many requests were lost. */
    public Result stop() {
        process.destroy();
        Network.await(Duration.ofSeconds(3), () -> !process.isAlive());
        double last = 0;
        double longestGapS = 0;
        int first = -1;
        int lastSequence = -1;
        int answers = 0;
        var matcher = ANSWER.matcher(network.log(label));
        while (matcher.find()) {
            double at = Double.parseDouble(matcher.group(1));
            int sequence = Integer.parseInt(matcher.group(2));
            if (first < 0) {
                first = sequence;
            } else {
                longestGapS = Math.max(longestGapS, at - last);
            }
            last = at;
            lastSequence = Math.max(lastSequence, sequence);
            answers++;
        }
        return new Result(answers, first < 0 ? 0 : lastSequence - first + 1 - answers, longestGapS);
    }

    /**
     * @param lost requests between the first and the last answer that got none
     * @param longestGapS seconds between two successive answers
     */
    public record Result(int answers, int lost, double longestGapS) {}
}
