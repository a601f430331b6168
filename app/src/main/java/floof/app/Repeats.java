package floof.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Passes the same line to the logs only a few times a minute, then its count, so that deliberate or
 * faulty repetition does not fill them. Thread: any.
 */
final class Repeats extends TurboFilter {

    /** Lines of one text within {@link #WINDOW_NS}. */
    static final int SHOWN = 5;

    static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);

    /** Most texts that are remembered; the oldest is forgotten. */
    private static final int TEXTS_MAX = 1_000;

    /** A line seen within this minute. */
    private static final class Line {
        final Logger logger;
        final long sinceNs;
        int count;

        Line(Logger logger, long sinceNs) {
            this.logger = logger;
            this.sinceNs = sinceNs;
        }
    }

    private final LongSupplier clockNs;

    /** By text, in the order of first occurrence. */
    private final Map<String, Line> lines = new LinkedHashMap<>();

    private boolean isTelling;

    Repeats() {
        this(System::nanoTime);
    }

    Repeats(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    @Override
    public synchronized FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (isTelling || format == null || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        long nowNs = clockNs.getAsLong();
        forget(nowNs);
        String text = MessageFormatter.basicArrayFormat(format, params);
        Line line = lines.computeIfAbsent(text, _ -> new Line(logger, nowNs));
        return ++line.count <= SHOWN ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    /** Removes lines whose minute is over, and the oldest if there are too many. */
    private void forget(long nowNs) {
        while (!lines.isEmpty()) {
            Map.Entry<String, Line> oldest = lines.entrySet().iterator().next();
            Line line = oldest.getValue();
            if (nowNs - line.sinceNs < WINDOW_NS && lines.size() <= TEXTS_MAX) {
                return;
            }
            lines.remove(oldest.getKey());
            if (line.count > SHOWN) {
                isTelling = true;
                line.logger.info(
                        "{} more times within a minute: {}", line.count - SHOWN, oldest.getKey());
                isTelling = false;
            }
        }
    }
}
