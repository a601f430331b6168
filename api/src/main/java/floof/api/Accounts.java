package floof.api;

import java.io.IOException;

/** The machine's accounts, whose names users log in by. Thread: any platform thread. */
public interface Accounts {

    /** Work on files. */
    @FunctionalInterface
    interface FileWork<T> {
        T run() throws IOException;
    }

    /**
     * Works on files with the rights of {@code user}, and no others.
     *
     * @throws IOException also when there is no such account
     */
    <T> T as(String user, FileWork<T> work) throws IOException;

    /** A hash of a password, as the machine's logins check it. */
    String hash(String password);
}
