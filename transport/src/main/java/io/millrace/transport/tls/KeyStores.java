package io.millrace.transport.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;

/** Opens key stores of any type that the JDK knows by their beginning. */
final class KeyStores {
    private KeyStores() {}

    static KeyStore open(final Path path, final char[] password, final String what) {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw new UncheckedIOException(new IOException("cannot read the " + what + ": file=" + path
                    + (Files.isRegularFile(path) ? "" : ": no such file")));
        }
        try {
            return KeyStore.getInstance(path.toFile(), password);
        } catch (final IOException ex) {
            if (ex.getCause() instanceof UnrecoverableKeyException) {
                throw new IllegalArgumentException("wrong password for the " + what + ": file=" + path, ex);
            }
            throw new UncheckedIOException("cannot read the " + what + ": file=" + path + ": " + ex.getMessage(), ex);
        } catch (final KeyStoreException ex) {
            throw new IllegalArgumentException("the " + what + " is of no known type: file=" + path, ex);
        } catch (final GeneralSecurityException ex) {
            throw new IllegalArgumentException("cannot open the " + what + ": file=" + path + ": " + ex, ex);
        }
    }
}
