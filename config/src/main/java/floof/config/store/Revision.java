package floof.config.store;

import java.time.Instant;

/**
 * A committed configuration's label.
 *
 * @param number 0 is the running one, 1 the one before it
 * @param client by what way it came: {@code cli}, {@code file}
 * @param comment empty when none was given
 * @param digest SHA-256 of the text form, 64 hexadecimal digits
 */
public record Revision(
        int number, Instant time, String user, String client, String comment, String digest) {

    /** The same for who may not read the comment. */
    public Revision withoutComment() {
        return new Revision(number, time, user, client, "", digest);
    }
}
