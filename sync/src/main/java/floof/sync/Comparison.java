package floof.sync;

import java.util.HashSet;
import java.util.Set;

/**
 * What an audit finds while events go on: objects that differ between a dump and the cache, but for
 * those that events were about meanwhile. Guarded by the {@link Outbox}.
 */
final class Comparison {
    private final Set<Object> differing = new HashSet<>();
    private final Set<Object> touched = new HashSet<>();

    void differs(Object key) {
        differing.add(key);
    }

    /** An event was about it: it may differ for a moment. */
    void touch(Object key) {
        touched.add(key);
    }

    /** No event was about it, so what a dump says is the newest. */
    boolean isUntouched(Object key) {
        return !touched.contains(key);
    }

    Set<Object> result() {
        Set<Object> result = new HashSet<>(differing);
        result.removeAll(touched);
        return result;
    }
}
