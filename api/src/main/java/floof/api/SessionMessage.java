package floof.api;

import floof.config.value.ConfigError;
import java.time.Instant;
import java.util.List;

/**
 * A word to everybody who is logged in.
 *
 * @param text one or more lines without the last newline
 * @param errors what failed; each session is told what its user may see of it
 */
public record SessionMessage(Instant time, String text, List<ConfigError> errors) {

    public SessionMessage {
        errors = List.copyOf(errors);
    }
}
