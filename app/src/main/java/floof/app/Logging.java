package floof.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log of a process: one line per event with time, level, thread and message. */
final class Logging {

    /** Stack traces go on the event's line, too; their first frames show the place. */
    private static final String LINE =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level [%thread] "
                    + "%replace(%replace(%msg%n%ex{8}){'[\\r\\n]+\\s*', ' | '}){' \\| $', ''}"
                    + "%nopex%n";

    private Logging() {}

    /**
     * Sends events of level INFO and above to a file, and to standard error if that is the journal;
     * without a file always to standard error. It never writes to a terminal, where an operator may
     * be typing.
     */
    static void start(@Nullable Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        context.addTurboFilter(new Repeats());
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        if (file == null || isJournal()) {
            ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
            console.setTarget("System.err");
            add(root, context, console);
        }
        if (file != null) {
            FileAppender<ILoggingEvent> appender = new FileAppender<>();
            appender.setFile(file.toString());
            add(root, context, appender);
        }
    }

    /** Whether standard error is the socket that systemd named (systemd.exec(5)). */
    private static boolean isJournal() {
        try {
            Map<String, Object> file =
                    Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
            return (file.get("dev") + ":" + file.get("ino"))
                    .equals(System.getenv("JOURNAL_STREAM"));
        } catch (IOException e) {
            return false; // closed, so nobody reads it
        }
    }

    private static void add(
            ch.qos.logback.classic.Logger root,
            LoggerContext context,
            OutputStreamAppender<ILoggingEvent> appender) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        root.addAppender(appender);
    }
}
