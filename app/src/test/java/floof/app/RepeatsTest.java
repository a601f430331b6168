package floof.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatsTest {

    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("floof");
    private final ListAppender<ILoggingEvent> shown = new ListAppender<>();
    private long nowNs;

    @BeforeEach
    void start() {
        log.setLevel(Level.INFO);
        shown.start();
        log.addAppender(shown);
        context.addTurboFilter(new Repeats(() -> nowNs));
    }

    private List<String> texts() {
        return shown.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatRepeatsIsCountedAndToldAfterAMinute() {
        for (int i = 0; i < 1_000; i++) {
            log.warn("session of {} refused", "ann");
            log.info("claimed eth{} for ge-{}", i, i); // each is another
        }
        assertThat(texts()).filteredOn(it -> it.contains("ann")).hasSize(Repeats.SHOWN);
        assertThat(texts()).filteredOn(it -> it.contains("claimed")).hasSize(1_000);
        shown.list.clear();
        nowNs += Repeats.WINDOW_NS;
        log.warn("session of {} refused", "ann");
        assertThat(texts())
                .containsExactly(
                        "995 more times within a minute: session of ann refused",
                        "session of ann refused");
    }

    @Test
    void wildTextsTakeNoMoreThanTheirRoom() {
        for (int i = 0; i < 100_000; i++) {
            log.warn("user {} refused", i);
        }
        assertThat(shown.list).hasSize(100_000);
        log.info("one of {}", "many");
        assertThat(texts().getLast()).isEqualTo("one of many");
    }
}
