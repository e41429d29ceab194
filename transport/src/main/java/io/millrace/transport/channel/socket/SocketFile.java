package io.millrace.transport.channel.socket;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** The file that a listening Unix socket makes, and takes away again. The thread that binds, then the listener's. */
final class SocketFile implements SocketServerChannel.Naming {
    private final Path path;
    private final URI uri;

    /**
     * Who made the file: the device and the number of the file, which no other has as long as our socket is open. Null before
     * it is bound, and where files have no number.
     */
    private Object fileKey;

    SocketFile(final Path path, final URI uri) {
        this.path = path;
        this.uri = uri;
    }

    @Override
    public URI uriOf(final SocketAddress bound) throws IOException {
        fileKey = key();
        return uri;
    }

    private Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Before the socket is closed, while the number of the file can't belong to another. Idempotent. */
    @Override
    public void undo() {
        try {
            if (fileKey != null && Objects.equals(fileKey, key())) {
                Files.deleteIfExists(path);
            }
        } catch (final IOException ignored) {
            // Gone already, or not ours to delete any more.
        }
    }
}
