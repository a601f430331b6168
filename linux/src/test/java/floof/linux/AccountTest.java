package floof.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's accounts: rights on files, and hashes of passwords. */
class AccountTest {

    @TempDir private Path folder;

    @Test
    void filesAreUsedWithTheRightsOfTheAccountAlone() throws IOException {
        Account nobody = Account.of("nobody");
        assertThat(nobody.uid()).isEqualTo(65534);
        Path secret = Files.writeString(folder.resolve("secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> nobody.call(() -> Files.readString(secret)))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(Files.readString(secret)).as("our own rights are back").isEqualTo("x");
        assertThatThrownBy(() -> nobody.call(() -> Files.readString(Path.of("/proc/self/environ"))))
                .isInstanceOf(IOException.class);

        Path own = nobody.call(() -> Files.writeString(folder.resolve("own"), "y"));
        assertThat(Files.getOwner(own).getName()).isEqualTo("nobody");
        assertThat(Files.getAttribute(own, "unix:gid")).isEqualTo(nobody.gid());
        Path ours = Files.writeString(folder.resolve("ours"), "z");
        assertThat(Files.getOwner(ours).getName()).isEqualTo("root");
    }

    @Test
    void theGroupsOfRootAreNotInherited() throws IOException {
        Account nobody = Account.of("nobody");
        assertThat(nobody.groups()).containsExactly(nobody.gid());
        assertThat(Account.of("root").groups()).contains(0);
        assertThatThrownBy(() -> Account.of("no-such-account"))
                .hasMessage("there is no account 'no-such-account'");
    }

    @Test
    void aHashMatchesItsPasswordOnly() {
        String hash = Crypt.hash("correct horse");
        assertThat(hash).startsWith("$y$").isNotEqualTo(Crypt.hash("correct horse"));
        assertThat(Crypt.matches("correct horse", hash)).isTrue();
        assertThat(Crypt.matches("correct hors", hash)).isFalse();
        assertThat(Crypt.matches("x", "*")).isFalse();
        assertThatThrownBy(() -> Crypt.hash("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
