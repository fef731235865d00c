// A partition, to see that one module may have several interfaces.
export module tensor.smoke:parts;

export namespace tensor {

constexpr int smoke_factor() { return 3; }

}  // namespace tensor
