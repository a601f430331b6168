package floof.linux.netlink;

import floof.base.Family;
import floof.base.InterfaceAddress;
import floof.base.IpAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An address on a device.
 *
 * @param address our own (IFA_LOCAL) with the length of its subnet
 * @param peer the other end (IFA_ADDRESS) when it is not ours
 * @param flags IFA_F_ bits
 * @param scope RT_SCOPE_ number
 * @param protocol who set it (IFAPROT_; 0 unknown, 1..3 the kernel)
 */
public record LinkAddress(
        int ifindex,
        InterfaceAddress address,
        @Nullable IpAddress peer,
        @Nullable IpAddress broadcast,
        int flags,
        int scope,
        int protocol)
        implements RtnetlinkObject {

    public static final int IFA_F_DADFAILED = 0x8;
    public static final int IFA_F_TENTATIVE = 0x40;
    public static final int IFA_F_PERMANENT = 0x80;

    static final int BODY_BYTES = 8;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_BROADCAST = 4;
    static final int IFA_FLAGS = 8;
    static final int IFA_PROTO = 11;

    private static final String[] NAMES = {
        "IFA_UNSPEC", "IFA_ADDRESS", "IFA_LOCAL", "IFA_LABEL",
        "IFA_BROADCAST", "IFA_ANYCAST", "IFA_CACHEINFO", "IFA_MULTICAST",
        "IFA_FLAGS", "IFA_RT_PRIORITY", "IFA_TARGET_NETNSID", "IFA_PROTO"
    };

    /** {@code struct ifaddrmsg}: u8 family, u8 length, u8 flags, u8 scope, u32 index. */
    static LinkAddress read(ByteBuffer bytes, int body, int end, String place, Family family) {
        IpAddress address = null;
        IpAddress local = null;
        IpAddress broadcast = null;
        int flags = bytes.get(body + 2) & 0xff;
        int protocol = 0;
        Attributes at = new Attributes(bytes, body + BODY_BYTES, end, place, NAMES);
        while (at.next()) {
            switch (at.type()) {
                case IFA_ADDRESS -> address = at.address(family);
                case IFA_LOCAL -> local = at.address(family);
                case IFA_BROADCAST -> broadcast = at.address(family);
                case IFA_FLAGS -> flags = at.i32();
                case IFA_PROTO -> protocol = at.u8();
                default -> {}
            }
        }
        IpAddress own = local == null ? address : local;
        int length = bytes.get(body + 1) & 0xff;
        if (own == null || length > family.bits()) {
            throw new MalformedNetlink(
                    place, body, "address " + own + " of length " + length + "; expected both");
        }
        return new LinkAddress(
                bytes.getInt(body + 4),
                new InterfaceAddress(own, length),
                own.equals(address) ? null : address,
                broadcast,
                flags,
                bytes.get(body + 3) & 0xff,
                protocol);
    }
}
