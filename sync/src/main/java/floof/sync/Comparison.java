package floof.sync;

import java.util.HashSet;
import java.util.Set;

/**
 * The findings of an audit while events continue: objects that differ between a dump and the cache,
 * except those with an event meanwhile. Guarded by the {@link Outbox}.
 */
final class Comparison {
    private final Set<Object> differing = new HashSet<>();
    private final Set<Object> touched = new HashSet<>();

    void differs(Object key) {
        differing.add(key);
    }

    /** Notes an event about an object: it may differ for a moment. */
    void touch(Object key) {
        touched.add(key);
    }

    /** Whether no event was about the object, so that the dump has its latest state. */
    boolean isUntouched(Object key) {
        return !touched.contains(key);
    }

    Set<Object> result() {
        Set<Object> result = new HashSet<>(differing);
        result.removeAll(touched);
        return result;
    }
}
