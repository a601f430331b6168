package floof.linux.netlink;

/**
 * A change that the kernel announced.
 *
 * @param present false for a RTM_DEL message
 * @param flags NLM_F_ of a new object
 */
public record RtnetlinkEvent(boolean present, int flags, RtnetlinkObject object) {

    /** The object took the place of another (NLM_F_REPLACE). */
    public boolean isReplacing() {
        return (flags & Netlink.NLM_F_REPLACE) != 0;
    }

    /** The object was put behind others of its kind (NLM_F_APPEND). */
    public boolean isAppended() {
        return (flags & Netlink.NLM_F_APPEND) != 0;
    }

    /** No other route of the same prefix, metric and type of service was there (NLM_F_EXCL). */
    public boolean isExclusive() {
        return (flags & Netlink.NLM_F_EXCL) != 0;
    }
}
