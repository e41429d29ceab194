package io.millrace.jmh.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How Netty is used; always one {@code writeAndFlush} a message, from the thread that has it. */
enum NettyUse {
    /** As its examples do, with its frame decoder. */
    NATURAL {
        @Override
        void addTo(final ChannelPipeline pipeline, final Link.Receiver receiver) {
            final Link.Sender reply = sender(pipeline.channel());
            pipeline.addLast(
                    new LengthFieldBasedFrameDecoder(LONGEST_FRAME, 0, Link.HEADER_LENGTH, 0, Link.HEADER_LENGTH));
            pipeline.addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(final ChannelHandlerContext context, final ByteBuf message)
                        throws IOException {
                    final ByteBuffer view = message.internalNioBuffer(message.readerIndex(), message.readableBytes());
                    receiver.onMessage(view, view.position(), view.remaining(), reply);
                }
            });
        }

        @Override
        ChannelPromise promise(final Channel channel) {
            return channel.newPromise();
        }

        @Override
        WriteBufferWaterMark waterMark() {
            return WriteBufferWaterMark.DEFAULT;
        }
    },

    /** With everything its documents advise: flushes consolidated, no promises, high water marks, and a parser by hand. */
    BEST {
        @Override
        void addTo(final ChannelPipeline pipeline, final Link.Receiver receiver) {
            final Frames frames = new Frames(receiver, sender(pipeline.channel()));
            pipeline.addLast(new FlushConsolidationHandler(FLUSHES, true));
            pipeline.addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(final ChannelHandlerContext context, final Object message) throws IOException {
                    final ByteBuf bytes = (ByteBuf) message;
                    try {
                        frames.feed(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
                    } finally {
                        bytes.release();
                    }
                }
            });
        }

        @Override
        ChannelPromise promise(final Channel channel) {
            return channel.voidPromise();
        }

        @Override
        WriteBufferWaterMark waterMark() {
            return new WriteBufferWaterMark(512 * 1024, 1024 * 1024);
        }
    };

    private static final int LONGEST_FRAME = 64 * 1024;
    private static final int FLUSHES = 256;

    /** Adds what lies above TLS. */
    abstract void addTo(ChannelPipeline pipeline, Link.Receiver receiver);

    abstract ChannelPromise promise(Channel channel);

    abstract WriteBufferWaterMark waterMark();

    /** Writes header and payload in one buffer, and lets the water mark say when it is enough. */
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails is missed where it should have arrived.
    Link.Sender sender(final Channel channel) {
        return (source, offset, length) -> {
            if (!channel.isWritable()) {
                if (!channel.isActive()) {
                    throw new IOException("the channel is closed: " + channel);
                }
                return false;
            }
            final int position = source.position();
            final int limit = source.limit();
            final ByteBuf frame = channel.alloc().ioBuffer(Link.HEADER_LENGTH + length);
            frame.writeInt(length).writeBytes(source.limit(offset + length).position(offset));
            source.limit(limit).position(position);
            channel.writeAndFlush(frame, promise(channel));
            return true;
        };
    }
}
