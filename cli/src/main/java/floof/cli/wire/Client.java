package floof.cli.wire;

import java.nio.file.Path;

/**
 * Who is at the other end.
 *
 * @param user name of the account, as the kernel says
 * @param tty terminal as the client says, {@code -} for none
 * @param pid the client's process as it says
 * @param directory where names of files begin
 */
public record Client(String user, String tty, String pid, Path directory) {}
