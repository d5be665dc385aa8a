/** What the set-up downloads, fixed to the byte. Go's checksum database fixes what Go builds. */
export const pins = {
  libtensorflow: {
    /** Any pip can fetch the wheels when it is told whose machine to fetch for. */
    cpu: {
      variant: 'cpu',
      version: '2.21.0',
      platform: 'linux-x64',
      pipArguments: ['tensorflow-cpu==2.21.0', '--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'],
      file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      megabytes: { wheel: 274, extracted: 880 },
    },
    gpu: {
      variant: 'gpu',
      version: '2.21.0',
      platform: 'linux-x64',
      pipArguments: ['tensorflow==2.21.0', '--python-version', '3.11', '--platform', 'manylinux_2_27_x86_64'],
      file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      megabytes: { wheel: 572, extracted: 1300 },
    },
  },
  /** What the GPU variant loads, as its extra `and-cuda` asks for them; 3.1 GB to download. */
  cuda: [
    'nvidia-cublas-cu12==12.9.3.13',
    'nvidia-cuda-cupti-cu12==12.9.79',
    'nvidia-cuda-nvcc-cu12==12.9.86',
    'nvidia-cuda-nvrtc-cu12==12.9.86',
    'nvidia-cuda-runtime-cu12==12.9.79',
    'nvidia-cudnn-cu12==9.28.0.42',
    'nvidia-cufft-cu12==11.4.1.4',
    'nvidia-curand-cu12==10.3.10.19',
    'nvidia-cusolver-cu12==11.7.5.82',
    'nvidia-cusparse-cu12==12.5.10.65',
    'nvidia-nccl-cu12==2.32.3',
    'nvidia-nvjitlink-cu12==12.9.86',
    'nvidia-nvshmem-cu12==3.8.0',
  ],
  temporal: { module: 'github.com/temporalio/cli/cmd/temporal', version: '1.5.1', minServerVersion: '1.27.0' },
  /** The S3 server of the tests. */
  versitygw: { module: 'github.com/versity/versitygw/cmd/versitygw', version: '1.8.0' },
  /** The browser of the tests: an npm package, as neither Debian nor Chromium's own host keeps old versions for good. */
  chromium: {
    package: '@sparticuz/chromium@153.0.0',
    version: '153.0.0',
    file: 'sparticuz-chromium-153.0.0.tgz',
    sha256: '20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0',
    megabytes: { download: 70, extracted: 213 },
  },
};
