// Everything: `import tensor;` brings the nine lessons' modules.
export module tensor;

export import tensor.core;
export import tensor.creation;
export import tensor.init;
export import tensor.elementwise;
export import tensor.reductions;
export import tensor.activations;
export import tensor.matmul;
export import tensor.softmax;
export import tensor.concat_broadcast;

import tensor.runtime;

export namespace tensor {

// How many threads the large operations use; see modules/runtime/runtime.cppm.
using runtime::num_threads;
using runtime::set_num_threads;

}  // namespace tensor
