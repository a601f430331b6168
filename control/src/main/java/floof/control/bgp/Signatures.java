package floof.control.bgp;

import floof.control.instance.Instance;
import floof.linux.system.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many TCP segments the dataplane namespace refused for their signature (RFC 2385), since it
 * exists. Linux drops them before anyone could answer: BIRD does not hear of it.
 *
 * @param wrong signed with another key than ours
 * @param missing not signed, though we have a key
 * @param unexpected signed, though we have no key
 */
record Signatures(long wrong, long missing, long unexpected) {

    static final Signatures NONE = new Signatures(0, 0, 0);

    static Signatures read(Instance instance) throws IOException {
        return NetworkNamespace.call(
                instance.dataplane(),
                () -> parse(Files.readAllLines(Path.of("/proc/thread-self/net/netstat"))));
    }

    /** Lines of names, each followed by one of numbers. */
    static Signatures parse(List<String> lines) {
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            if (lines.get(i).startsWith("TcpExt:")) {
                List<String> names = List.of(lines.get(i).split(" "));
                String[] values = lines.get(i + 1).split(" ");
                return new Signatures(
                        value(names, values, "TCPMD5Failure"),
                        value(names, values, "TCPMD5NotFound"),
                        value(names, values, "TCPMD5Unexpected"));
            }
        }
        return NONE;
    }

    private static long value(List<String> names, String[] values, String name) {
        int place = names.indexOf(name);
        return place < 0 || place >= values.length ? 0 : Long.parseLong(values[place]);
    }

    /**
     * What a session that is down has to do with what was refused since {@code before}; empty for
     * nothing.
     */
    String blame(Signatures before, boolean hasKey) {
        if (hasKey && wrong > before.wrong) {
            return "TCP-MD5 authentication failed: the peer's key is another";
        }
        if (hasKey && missing > before.missing) {
            return "TCP-MD5 authentication failed: the peer does not sign";
        }
        if (!hasKey && unexpected > before.unexpected) {
            return "TCP-MD5 authentication failed: the peer signs, and no authentication-key is"
                    + " set";
        }
        return "";
    }
}
