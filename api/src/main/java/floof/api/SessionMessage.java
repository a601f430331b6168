package floof.api;

import java.time.Instant;

/**
 * A word to everybody who is logged in.
 *
 * @param text one or more lines without the last newline
 */
public record SessionMessage(Instant time, String text) {}
