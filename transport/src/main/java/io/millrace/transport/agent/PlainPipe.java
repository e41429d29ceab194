package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Content goes to the channel as it is. */
final class PlainPipe implements Pipe {
    private final ConnectionChannel channel;
    private long sentBytes;
    private boolean ended;

    PlainPipe(final ConnectionChannel channel) {
        this.channel = channel;
    }

    @Override
    public Memory memory() {
        return Memory.DIRECT;
    }

    @Override
    public void begin() {}

    @Override
    public boolean handshake() {
        return true;
    }

    @Override
    public Optional<TlsInfo> tls() {
        return Optional.empty();
    }

    @Override
    public int receive(final ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public boolean isHeldUp() {
        return false;
    }

    @Override
    public boolean owesAnswer() {
        return false;
    }

    @Override
    public int receiveRoom() {
        return 1;
    }

    @Override
    public void send(final ByteBuffer source) throws IOException {
        sentBytes += channel.write(source);
    }

    @Override
    public boolean flush() {
        return true;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public boolean end() throws IOException {
        if (!ended) {
            ended = true;
            channel.shutdownOutput();
        }
        return true;
    }

    @Override
    public boolean rest() {
        return true;
    }
}
