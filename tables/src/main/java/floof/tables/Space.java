package floof.tables;

import java.io.IOException;

/**
 * Reserves memory for parts of the file before they are touched, and releases it: fallocate(2) on
 * the tables' file. Offsets count from the start of the file. Thread: the writer's.
 */
public interface Space {

    /** The space of a file whose memory is all there. */
    Space PRESENT =
            new Space() {
                @Override
                public void reserve(long offset, long sizeBytes) {}

                @Override
                public void release(long offset, long sizeBytes) {}
            };

    /**
     * Makes sure that writing to the range cannot fault. Existing content stays; new memory is
     * zero.
     *
     * @throws IOException if memory is short; the message says what is missing
     */
    void reserve(long offset, long sizeBytes) throws IOException;

    /** Releases the range's memory; it reads as zero afterwards (FALLOC_FL_PUNCH_HOLE). */
    void release(long offset, long sizeBytes);
}
