package floof.api;

import floof.config.value.ConfigError;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those who get messages to all sessions. Thread: any. */
public final class Listeners {

    private final CopyOnWriteArrayList<Consumer<SessionMessage>> listeners =
            new CopyOnWriteArrayList<>();

    /** {@link Router#listen}. */
    public Router.Listening add(Consumer<SessionMessage> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** {@link Router#tell}. */
    public void tell(String text) {
        tell(text, List.of());
    }

    /** The same, with what failed. */
    public void tell(String text, List<ConfigError> errors) {
        SessionMessage message = new SessionMessage(Instant.now(), text, errors);
        listeners.forEach(listener -> listener.accept(message));
    }
}
