package floof.control.plan;

import floof.config.tree.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements under {@code fast-path}: what the operator chose by hand. The fast path's process
 * gets them as words of its command line, from which a later floofd reads them back.
 *
 * @param workers how many; null = derived from the machine
 * @param cores the workers' CPUs in their order; empty = derived from the machine
 * @param isBusy workers poll without end instead of sleeping when idle
 * @param ringFrames least number of frames in the receive ring of each port and worker; null =
 *     derived from the machine
 * @param buffers of all workers together; null = derived from the machine
 */
public record FastPathSettings(
        @Nullable Integer workers,
        List<Integer> cores,
        boolean isBusy,
        @Nullable Integer ringFrames,
        @Nullable Integer buffers) {

    /** Nothing chosen by hand. */
    public static final FastPathSettings DEFAULT =
            new FastPathSettings(null, List.of(), false, null, null);

    private static final String WORKERS = "--workers";
    private static final String CORES = "--cores";
    private static final String POLLING = "--polling-mode";
    private static final String RING_FRAMES = "--ring-frames";
    private static final String BUFFERS = "--buffers";

    public FastPathSettings {
        cores = List.copyOf(cores);
    }

    static FastPathSettings of(Branch fastPath) {
        String workers = fastPath.value("workers", String.class);
        return new FastPathSettings(
                workers == null || workers.equals("auto") ? null : Integer.valueOf(workers),
                fastPath.values("cores", Long.class).stream().map(Long::intValue).toList(),
                "busy".equals(fastPath.value("polling-mode", String.class)),
                Intent.optionalNumber(fastPath, "ring-frames"),
                Intent.optionalNumber(fastPath, "buffers"));
    }

    /** As options of a command line. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        add(words, WORKERS, workers);
        if (!cores.isEmpty()) {
            add(words, CORES, String.join(",", cores.stream().map(String::valueOf).toList()));
        }
        add(words, POLLING, isBusy ? "busy" : null);
        add(words, RING_FRAMES, ringFrames);
        add(words, BUFFERS, buffers);
        return List.copyOf(words);
    }

    private static void add(List<String> words, String name, @Nullable Object value) {
        if (value != null) {
            words.add(name);
            words.add(value.toString());
        }
    }

    /**
     * Reads the options back and takes them out of the words.
     *
     * @throws IllegalArgumentException naming the word that is wrong
     */
    public static FastPathSettings take(List<String> words) {
        String cores = take(words, CORES);
        String polling = take(words, POLLING);
        if (polling != null && !polling.equals("busy") && !polling.equals("adaptive")) {
            throw new IllegalArgumentException(
                    POLLING + " '" + polling + "': expected adaptive or busy");
        }
        String[] numbers = cores == null ? new String[0] : cores.split(",", -1);
        List<Integer> list = Stream.of(numbers).map(it -> parse(CORES, it)).toList();
        return new FastPathSettings(
                takeNumber(words, WORKERS),
                list,
                "busy".equals(polling),
                takeNumber(words, RING_FRAMES),
                takeNumber(words, BUFFERS));
    }

    private static @Nullable Integer takeNumber(List<String> words, String name) {
        String value = take(words, name);
        return value == null ? null : parse(name, value);
    }

    private static int parse(String name, String value) {
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " '" + value + "': expected a number", e);
        }
    }

    private static @Nullable String take(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0) {
            return null;
        }
        words.remove(at);
        if (at == words.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return words.remove(at);
    }

    @Override
    public String toString() {
        return equals(DEFAULT) ? "sized by the machine" : String.join(" ", words());
    }
}
