package floof.api.commit;

import java.time.Instant;

/** When a commit shall be done that is not done now. */
public sealed interface CommitTime {

    /** At that time, or as soon as floofd runs after it. */
    record At(Instant time) implements CommitTime {}

    /** When the machine has started the next time. */
    record Reboot() implements CommitTime {}
}
