package floof.api;

import org.jspecify.annotations.Nullable;

/**
 * A port of the fast path.
 *
 * @param state {@code up}, {@code down}, {@code failed: ...}
 * @param worker number of the worker that polls it, or null
 */
public record Port(
        int index,
        String name,
        String driver,
        @Nullable String device,
        String state,
        @Nullable Integer worker) {}
