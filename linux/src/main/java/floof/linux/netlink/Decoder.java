package floof.linux.netlink;

import floof.base.Family;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Cuts a datagram into messages and reads the objects in them. */
final class Decoder {
    private final ByteBuffer bytes;
    private int next;
    private int start;
    private int end;

    /** Over the bytes from position to limit, in native order. */
    Decoder(ByteBuffer datagram) {
        bytes = datagram;
        next = datagram.position();
    }

    /** Steps to the next message; false when there is none. */
    boolean next() {
        start = next;
        int left = bytes.limit() - start;
        if (left <= 0) {
            return false;
        }
        if (left < Netlink.HEADER_BYTES) {
            throw new MalformedNetlink("message", start, left + " bytes; expected a header of 16");
        }
        int length = bytes.getInt(start);
        if (length < Netlink.HEADER_BYTES || length > left) {
            throw new MalformedNetlink(
                    Netlink.name(type()),
                    start,
                    "length " + Integer.toUnsignedString(length) + "; expected 16.." + left);
        }
        end = start + length;
        next = start + Netlink.aligned(length);
        return true;
    }

    int type() {
        return bytes.getShort(start + 4) & 0xffff;
    }

    int flags() {
        return bytes.getShort(start + 6) & 0xffff;
    }

    int sequence() {
        return bytes.getInt(start + 8);
    }

    /** The payload's size. */
    int sizeBytes() {
        return end - start - Netlink.HEADER_BYTES;
    }

    /** The errno, 0 or negative, of NLMSG_ERROR or NLMSG_DONE. */
    int error() {
        need(4);
        return bytes.getInt(start + Netlink.HEADER_BYTES);
    }

    /** What the kernel has to say about an error; empty when nothing (NETLINK_EXT_ACK). */
    String errorText() {
        // After the errno comes the request's header, without its payload by NETLINK_CAP_ACK.
        int from = start + Netlink.HEADER_BYTES + 4 + Netlink.HEADER_BYTES;
        String text = "";
        if ((flags() & Netlink.NLM_F_ACK_TLVS) != 0) {
            Attributes at =
                    new Attributes(
                            bytes,
                            from,
                            end,
                            "NLMSG_ERROR",
                            new String[] {"NLMSGERR_ATTR_UNUSED", "NLMSGERR_ATTR_MSG"});
            while (at.next()) {
                if (at.type() == Netlink.NLMSGERR_ATTR_MSG) {
                    text = at.text();
                }
            }
        }
        return text;
    }

    private void need(int sizeBytes) {
        if (sizeBytes() < sizeBytes) {
            throw new MalformedNetlink(
                    Netlink.name(type()),
                    start,
                    "payload of " + sizeBytes() + " bytes; expected " + sizeBytes + " at least");
        }
    }

    /** The object of this message; none for other messages and other address families. */
    @Nullable RtnetlinkObject object() {
        int type = type();
        String place = Netlink.name(type);
        int body = start + Netlink.HEADER_BYTES;
        switch (type) {
            case Netlink.RTM_NEWLINK, Netlink.RTM_DELLINK -> {
                need(Link.BODY_BYTES);
                // Other families speak of bridge ports and the like.
                return bytes.get(body) == Netlink.AF_UNSPEC
                        ? Link.read(bytes, body, end, place)
                        : null;
            }
            case Netlink.RTM_NEWNEXTHOP, Netlink.RTM_DELNEXTHOP -> {
                need(NextHopObject.BODY_BYTES);
                return NextHopObject.read(bytes, body, end, place);
            }
            case Netlink.RTM_NEWADDR, Netlink.RTM_DELADDR -> need(LinkAddress.BODY_BYTES);
            case Netlink.RTM_NEWROUTE, Netlink.RTM_DELROUTE -> need(Route.BODY_BYTES);
            case Netlink.RTM_NEWNEIGH, Netlink.RTM_DELNEIGH -> need(Neighbour.BODY_BYTES);
            case Netlink.RTM_NEWRULE, Netlink.RTM_DELRULE -> need(Rule.BODY_BYTES);
            default -> {
                return null;
            }
        }
        int number = bytes.get(body) & 0xff;
        if (number == Netlink.AF_BRIDGE && (type & ~1) == Netlink.RTM_NEWNEIGH) {
            return FilterEntry.read(bytes, body, end, place);
        }
        if (number != Family.IP4.number() && number != Family.IP6.number()) {
            return null;
        }
        Family family = Family.of(number);
        return switch (type & ~1) {
            case Netlink.RTM_NEWADDR -> LinkAddress.read(bytes, body, end, place, family);
            case Netlink.RTM_NEWROUTE -> Route.read(bytes, body, end, place, family);
            case Netlink.RTM_NEWNEIGH -> Neighbour.read(bytes, body, end, place, family);
            default -> Rule.read(bytes, body, end, place, family);
        };
    }

    /** The table of a message about a route. */
    int routeTable() {
        need(Route.BODY_BYTES);
        return Route.table(bytes, start + Netlink.HEADER_BYTES, end, Netlink.name(type()));
    }

    /** The begin of a message about a route. */
    RouteHead routeHead() {
        need(Route.BODY_BYTES);
        return Route.head(bytes, start + Netlink.HEADER_BYTES, end, Netlink.name(type()));
    }

    /** Whether the object is there: RTM_NEW numbers are multiples of 4, RTM_DEL one more. */
    boolean isPresent() {
        return (type() & 1) == 0;
    }
}
