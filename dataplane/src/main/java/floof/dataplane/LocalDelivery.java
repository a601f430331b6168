package floof.dataplane;

import floof.base.Reason;
import floof.memory.Memory;

/**
 * Which of the packets for ourselves keep the router alive: those wait in the queue of control
 * traffic. Everything else that is for us is plain LOCAL.
 */
final class LocalDelivery {

    private static final int CONTROL = Verdict.of(Reason.LOCAL_CONTROL);
    private static final int PLAIN = Verdict.of(Reason.LOCAL);
    private static final int ND = Verdict.of(Reason.ND);

    private static final int ICMP6 = 58;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_6 = 128;

    private LocalDelivery() {}

    static int verdictOfIp4(long ip, int availableBytes) {
        int protocol = Ip4.protocol(ip);
        int header = Ip4.headerBytes(ip);
        if (!Ip4.hasPorts(ip) || availableBytes < header + 4) {
            return PLAIN;
        }
        if (protocol == Ip4.ICMP) {
            return (Memory.getByte(ip + header) & 0xff) == ECHO_REQUEST ? PLAIN : CONTROL;
        }
        return isControl(protocol, ip + header) ? CONTROL : PLAIN;
    }

    static int verdictOfIp6(long ip, int availableBytes) {
        if (availableBytes < Ip6.HEADER_BYTES + 4) {
            return PLAIN;
        }
        int nextHeader = Ip6.nextHeader(ip);
        long layer4 = ip + Ip6.HEADER_BYTES;
        if (nextHeader == ICMP6) {
            if (Ip6.isNeighbourDiscovery(ip, availableBytes)) {
                return ND;
            }
            return (Memory.getByte(layer4) & 0xff) == ECHO_REQUEST_6 ? PLAIN : CONTROL;
        }
        return isControl(nextHeader, layer4) ? CONTROL : PLAIN;
    }

    /**
     * IGMP, OSPF, PIM, VRRP; TCP with SSH (22) or BGP (179) at either end; UDP of BFD, DHCP, IKE.
     */
    private static boolean isControl(int protocol, long layer4) {
        if (protocol == Ip4.TCP) {
            int from = Memory.getShortBe(layer4) & 0xffff;
            int to = Memory.getShortBe(layer4 + 2) & 0xffff;
            return from == 179 || to == 179 || from == 22 || to == 22;
        }
        if (protocol == Ip4.UDP) {
            return switch (Memory.getShortBe(layer4 + 2) & 0xffff) {
                case 3784, 3785, 4784, 67, 68, 546, 547, 500, 4500 -> true;
                default -> false;
            };
        }
        return protocol == 2 || protocol == 89 || protocol == 103 || protocol == 112;
    }
}
