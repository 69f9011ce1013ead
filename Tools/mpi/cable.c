// Simulates a cable with a rate and a delay between two network interfaces, for kernels without netem. Creates two virtual
// interfaces and passes each frame on when a real cable would deliver it.
//
//   cable NAME NAME BITS-PER-SECOND MICROSECONDS     for each direction; runs until killed
//
// Frames keep the kernel's header for segmentation offload (TSO), so the processor has no more work than with a real card.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { headerSize = 10, frameLimit = 66000, queueLimit = 4096 };

struct frame {
    uint64_t arrival;
    int size;
    unsigned char bytes[];
};

/// One direction: a ring of frames on the way, in order of arrival, and the time at which the line is free again.
struct direction {
    struct frame *frames[queueLimit];
    int first, count;
    uint64_t free;
};

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int opened(const char *name) {
    int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    if (file < 0 || ioctl(file, TUNSETIFF, &request) || ioctl(file, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4)) {
        perror(name);
        exit(1);
    }
    return file;
}

int main(int count, char **words) {
    if (count != 5) return fprintf(stderr, "usage: cable NAME NAME BITS-PER-SECOND MICROSECONDS\n"), 2;
    int files[2] = {opened(words[1]), opened(words[2])};
    double nanosecondsPerByte = 8e9 / atof(words[3]);
    uint64_t delay = (uint64_t)(atof(words[4]) * 1000);
    static struct direction directions[2];
    static unsigned char buffer[frameLimit];
    prctl(PR_SET_TIMERSLACK, 1);
    puts("ready");
    fflush(stdout);
    for (;;) {
        uint64_t now = nanoseconds(), next = UINT64_MAX;
        for (int way = 0; way < 2; way++) {
            struct direction *queue = &directions[way];
            while (queue->count && queue->frames[queue->first]->arrival <= now) {
                struct frame *frame = queue->frames[queue->first];
                // Retry when the interface is busy. On any other error, drop the frame, as a card would.
                if (write(files[1 - way], frame->bytes, (size_t)frame->size) < 0 && errno == EAGAIN) break;
                free(frame);
                queue->first = (queue->first + 1) % queueLimit;
                queue->count--;
            }
            if (queue->count && queue->frames[queue->first]->arrival < next) next = queue->frames[queue->first]->arrival;
        }
        struct pollfd waits[2];
        for (int way = 0; way < 2; way++) {
            waits[way] = (struct pollfd){files[way], directions[way].count < queueLimit ? POLLIN : 0, 0};
        }
        uint64_t left = next == UINT64_MAX ? 1000000000 : next > now ? next - now : 0;
        ppoll(waits, 2, &(struct timespec){(time_t)(left / 1000000000), (long)(left % 1000000000)}, NULL);
        now = nanoseconds();
        for (int way = 0; way < 2; way++) {
            struct direction *queue = &directions[way];
            for (int read_ = 0; read_ < 64 && queue->count < queueLimit; read_++) {
                ssize_t size = read(files[way], buffer, frameLimit);
                if (size <= 0) break;
                struct frame *frame = malloc(sizeof *frame + (size_t)size);
                if (!frame) return 1;
                memcpy(frame->bytes, buffer, (size_t)size);
                frame->size = (int)size;
                if (queue->free < now) queue->free = now;
                queue->free += (uint64_t)((double)(size - headerSize) * nanosecondsPerByte);
                frame->arrival = queue->free + delay;
                queue->frames[(queue->first + queue->count++) % queueLimit] = frame;
            }
        }
    }
}
