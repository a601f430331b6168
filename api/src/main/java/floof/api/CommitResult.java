package floof.api;

import floof.config.ConfigError;
import java.util.List;

/**
 * What a commit did: everything, or with errors nothing.
 *
 * @param errors why nothing was changed; empty after success
 * @param warnings what the operator should know though it succeeded
 */
public record CommitResult(List<ConfigError> errors, List<String> warnings) {

    public CommitResult {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    public boolean isDone() {
        return errors.isEmpty();
    }

    public static CommitResult done(List<String> warnings) {
        return new CommitResult(List.of(), warnings);
    }

    public static CommitResult refused(List<ConfigError> errors) {
        return new CommitResult(errors, List.of());
    }
}
