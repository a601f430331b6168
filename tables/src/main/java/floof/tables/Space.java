package floof.tables;

import java.io.IOException;

/**
 * Backs parts of the file with memory before they are touched, and gives it back: fallocate(2) on
 * the tables' file. Offsets count from the start of the file. Thread: the writer's.
 */
public interface Space {

    /**
     * Makes sure that writing to the range cannot fault; what it held stays, new memory is zero.
     *
     * @throws IOException when there is not enough memory; says what is missing
     */
    void reserve(long offset, long sizeBytes) throws IOException;

    /** Gives the range's memory back; it reads as zero afterwards (FALLOC_FL_PUNCH_HOLE). */
    void release(long offset, long sizeBytes);
}
