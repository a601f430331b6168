package floof.cli.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** Who is at the other end of a connection. */
public interface Peers {

    /** As the kernel says ({@code SO_PEERCRED}, unix(7)): whoever connected. */
    Peers OF_KERNEL =
            channel -> channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();

    /** Name of the account, or its number when it has no name. */
    String user(SocketChannel channel) throws IOException;
}
