package floof.memory;

/**
 * A named piece of mapped memory. The code that maps it calls {@link Memory#add} before the first
 * access and {@link Memory#remove} before unmapping.
 *
 * @param name what lies there, for messages
 * @param address first byte
 * @param sizeBytes length
 */
public record Region(String name, long address, long sizeBytes) {

    public Region {
        if (address <= 0 || sizeBytes <= 0) {
            throw new IllegalArgumentException(
                    "region " + name + " at " + address + " of " + sizeBytes + " bytes");
        }
    }

    /** One past the last byte. */
    public long end() {
        return address + sizeBytes;
    }
}
