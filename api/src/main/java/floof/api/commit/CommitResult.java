package floof.api.commit;

import floof.config.value.ConfigError;
import java.util.List;

/**
 * What a commit did: everything, or with errors nothing.
 *
 * @param errors why nothing was changed; empty after success
 * @param warnings what the operator should know though it succeeded
 * @param steps what was done, one line each
 */
public record CommitResult(
        List<ConfigError> errors, List<ConfigError> warnings, List<String> steps) {

    public CommitResult {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
        steps = List.copyOf(steps);
    }

    public boolean isDone() {
        return errors.isEmpty();
    }

    public static CommitResult done(List<ConfigError> warnings, List<String> steps) {
        return new CommitResult(List.of(), warnings, steps);
    }

    public static CommitResult refused(List<ConfigError> errors) {
        return new CommitResult(errors, List.of(), List.of());
    }
}
