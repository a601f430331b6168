package floof.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Scripts against a router in memory. */
public abstract class OnDesk {

    public @TempDir Path folder;
    public Desk desk;

    @BeforeEach
    void start() throws IOException {
        desk = new Desk(folder);
    }

    @AfterEach
    void stop() throws IOException {
        desk.close();
    }
}
