// Written by Tools/reference/array_fixtures.py.

/// Files of h5py and PyTorch, compressed by zlib, in Base64.
enum ArrayReferenceFiles {
    static let files: [String: String] = [
        "hdf5":
            "eNrtmD1PAkEQhmePr1NjhJgIYtQrrRSMPWcUpTB+F5ZiNEqixHjG0EmJHaUlpXb+BBMbS34CraWdlefe7azHrYJfhWecJxyT3Z3b"
            + "ZYd3t3gvCvML/b3pXnDQdQhDHNqxkakxf1uOb2NkGGsYrzTZz9yxFPYncH41b3M9n3eybQW5TiEsog7Ef6SQn1114ha2JzDea/68"
            + "CsbSruXG05NiqczjQfHwbM/ydJr55LoMIuIdJttiZaaJjhDmyZ/xtp1yX00Y4yAkbEBSh+Q5jke4op1xTRMT6nhSQiyDik/B+zv8"
            + "Lao5/mXyD3+q/Gnw59bcWF6ZZ3yHBmbFRrvPIm+ZeqR7ntz9Q9J/zyRwIJv23wtG6G/r/K3exEYZ8+stpOhrmI/Hsa6srSKevkDR"
            + "VyP6/kmoBaoejjyaUW/Psba2PGOy7WxwcW5libUJjCnzyXdiGHfuriePy/uv9ZRyLLq9HjcDdAcTBEEQBEEQBEEQRFD4un8i/JFB"
            + "Jvo6+3EtdKB6lBUvA10PKwNWFqzp6U5GvGqkfWTEXyuGG/G/UI14qae1tD+vXDxy/HYolXf3Kt55dJzjbyEMZu3VOH4c6Z4v9dkc"
            + "ov/sZxdk3E2N69I8Ff9A54uSofUfVVauB7IeYXi2e75tuyeMHCrNhJk+mLExoXN1kmP+cyOpBbA2rZyITxjD5gv/Pm+i",
        "torch":
            "eNqlVd9v01YUvolTNzWsPxjQH4zCoAxD29RO2jRlQFFAQeKirgtCiiZVkWNfEmuOnWPfdC0SUqWpZeWBh0l7nXjc/gJekdjbnnjf"
            + "wyTEw6RJ/Acr99ppsN21he0mVzeOz3e+79z7HXsZCymE0mm0ZwyiY0hz9Ya5SmYMjWqZ1rdWqdiPvomMjeQjQHIlwQBrkNCpwxCZ"
            + "apualidVXVJrm5ZRpcT2HLe6mpUgKcuVXhbssUitTkAIIFLJcjR6L/hTgpSfUIGeisBWvdUGEYsUer/GCAs4uQVpnMSJLejb1nXH"
            + "sohOTcf2pK9cg7jEuGXqVALpUhmOUDhahk/8LKbhQf8KDMiVHnbFyrHrMOhrqb381b8aqvC64RipiGxtWZpOPPh0BY7LOHXnn52d"
            + "HdxHfLBpG2QNTjRYMY3dAu46dr2r/6SvX4XhhogFCiO+7k0YxYlNGNtucGmnKHxWhtN+vqa5RgwYX4EzwU5qcPb24p/BMQSMttZk"
            + "Wj7X7XaztZ6p6o5LMs22RU3NdbV1vtM62wDqtnnl54IwyTaCu3Aeo02Y0BnMILonEZv/kOCCT1aDL/x6LY2atgoXt0Auw6XHcLkM"
            + "kzJOcN1TnYQGXW8x3HQlyeLvq5DZ/uExzJRBkbHg57oK6tLSEk6xT5pCtrbduFA5ygviPPwk+f7mGoxjtgxzFPI1vzrScvQGzGOh"
            + "nVnGvemfmqunlhmFP/f15zCa7Poz88BxmxqtrhLXY04oFS/GbLrvUDnh87d/fM/l87k/4Riaf0/Y8W9Vs8y63SQ2LRVzH8oZHvlZ"
            + "LmDxO/iL72nyQAFDaLEroLZOicPtXip++V94d4dlUmoRrmHz2utR7gPxQA396HrkqTCjlIpX/ocAhDYWWdob7MvmBpvP2Hxxgyua"
            + "eLMwOsJujhyiaCqqSC0V5Q9WlOpk4e3NR1/nmvPv3Hv69+H8AyEffrz/chJnevVz/f7h5z+Osu8N6JfqEddkDnyo8edf1TRKxcxH"
            + "noUyl1dVpTCXzeXVhfy8MpddmFXz2VyO/1goZPOFvKLkCgpX+fS3J7/LTIfsq0xwsV2d4Z4d3KM8/h6Jo8MNOBxBPkui/bo8niTc"
            + "RGPRxhHQAZ0bzxNuhKFInh9DeboNGIeHXdsfgZ9MoVjvxLFhx0Wxv8Sxahwb9tBABCv3oLhD4+Dw0Y5Haw6B/910y1gUp3YtKkx3"
            + "kenYeiQZrAVxt8VE/vZFNzsBwdO3RwwwaT8+iH0Hh/j2fA==",
        "torch, negative":
            "eNqlVL9v00AUPtuJEwwkDUtFh1IpS5AgdZwfTkGQygIvHkiDQBGL5dpHsHDjnn0JP6RKkRAVTAxMSIj/AvEndEQwszExwcjInZ26"
            + "tqMkBU6yn2y/73vfvfueuxqXASCfBzNrBVwAhmc+ssdw0zKwUd1/7KhKATxIrAl7gECfIflPEWNilwCq+gjbji/oHtwd2Y6lYzj0"
            + "XU8fSwJiK5V+jiT7JNMYQMSFEEF1XAPfDV8KKBMQiijb50g090eI1/IY5XY0RmM19hDltQwNZ16bpus40MS2O/SFO54FPWjdsk0s"
            + "IOFyD509QOcCiiEcoPOvfIwKPVT0q10tlz8svzv6SD7Rqzu3CauAj5pQfeh6ewbWx9DzST1VYUkvapTr089vL6hiZiHXGpBPuKYN"
            + "0A3HHgz34BCrSj3V2lOtVoMK6DxBP1hSgl0ooAQ6kYDdZxi6tF+qcv1f6h4vx8bYgVTDyxvfL/KkCr9QQwHcTLhqU1SVa/8hIGSd"
            + "dKb029MwjZNtquxN+X1pgzxtLFRWBOVIWXTEl5ZJqwu0wpcPg3vL+78OpBMDBJv3oWcTBzw3qIF121KV6l/2otaUpXZta6tZq7Wb"
            + "jVajLkotsdWS27JUb4uyKJGb3GxKVKX/9rZXIToqgUqGio10xsdhZUZ5+j+QRscHYDWBzDJg3gClSeImXkuQ7MRJZiYnzRM3YinB"
            + "8zXGEw1AGh53SyEBv8+ClHfT2LgPignsrxh2zv7jx7OeAPc4sMQ4XY3nrxzbjLsaIXOp+JkJ428ujAQXfDrKhs/hHyzLh5hckB/m"
            + "/gHGU01N",
    ]
}
